#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kaziranga::data {

struct DataOptions;
struct Manifest;

/// A layout of labelled images. One more is its file and its line in the table of table.cpp.
struct ManifestFormat {
    std::string_view name;          ///< of data.format
    std::string_view help;          ///< what the layout is
    std::string_view is;            ///< "a CSV file", for messages
    std::string_view to_set_aside;  ///< how to give images to validation or testing
    bool among_images = true;       ///< its root holds the images themselves, so nothing else belongs there
    /// Whether a path looks like one.
    bool (*recognises)(const std::filesystem::path& root);
    /// Reads it. Only classes with an image are in the manifest.
    /// @throws core::Error with every fault found, when the layout does not hold
    Manifest (*read)(const DataOptions& options);
};

extern const ManifestFormat kFolderManifest, kCsvManifest, kParkManifest;

/// Every format, in the order in which help names them.
std::span<const ManifestFormat* const> manifest_formats();

/// Their names.
std::vector<std::string> manifest_names();

/// @throws core::Error for an unknown name, listing the names and the nearest
const ManifestFormat& find_manifest_format(const std::string& name);

}  // namespace kaziranga::data
