#pragma once

#include "core/error.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace kaziranga::data {

/// The warning that these files of a folder are not taken for images.
core::Problem no_images_by_name(const std::vector<std::string>& names, const std::filesystem::path& folder);

/// One level of a folder, by name in byte order. Hidden entries (leading '.') are left out.
struct Entries {
    std::vector<std::string> folders;  ///< links to folders among them
    std::vector<std::string> files;
    std::vector<std::string> litter;  ///< folders that a system or a device keeps for itself, such as @eaDir
};

/// @throws core::Error when the folder cannot be read
Entries list_entries(const std::filesystem::path& folder);

/// Everything below a folder, as paths below it, in byte order.
struct Listing {
    std::vector<std::string> images;
    std::vector<std::string> others;    ///< files that are no images by name
    std::vector<std::string> repeated;  ///< links to folders that are listed already, or that hold the link itself
    std::vector<std::string> litter;    ///< folders like those of Entries::litter
};

/// Whether a folder holds another, or is it; the other need not be there yet. Links are followed.
bool holds(const std::filesystem::path& folder, const std::filesystem::path& other);

/// Follows links to folders; a folder reached twice is listed once, under its own name rather than a link's.
/// @throws core::Error when a folder cannot be read
Listing list_below(const std::filesystem::path& folder);

}  // namespace kaziranga::data
