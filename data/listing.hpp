#pragma once

#include "core/error.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace kaziranga::data {

/// Returns the warning that these files of a folder are not used as images.
core::Problem no_images_by_name(const std::vector<std::string>& names, const std::filesystem::path& folder);

/// The direct entries of a folder, by name in byte order. Hidden entries (leading '.') are omitted.
struct Entries {
    std::vector<std::string> folders;  ///< including links to folders
    std::vector<std::string> files;
    std::vector<std::string> litter;  ///< folders that an operating system or a device creates, for example @eaDir
};

/// @throws core::Error when the folder cannot be read
Entries list_entries(const std::filesystem::path& folder);

/// All files below a folder, as paths relative to it, in byte order.
struct Listing {
    std::vector<std::string> images;
    std::vector<std::string> others;    ///< files whose names are not those of images
    std::vector<std::string> repeated;  ///< links to folders that are already listed, or that contain the link itself
    std::vector<std::string> litter;    ///< folders like those of Entries::litter
};

/// True if a folder contains another or is the same. The other need not exist yet. Follows links.
bool holds(const std::filesystem::path& folder, const std::filesystem::path& other);

/// Follows links to folders. A folder that is reached twice is listed once, under its own name, not under a link's.
/// @throws core::Error when a folder cannot be read
Listing list_below(const std::filesystem::path& folder);

}  // namespace kaziranga::data
