#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kaziranga::data {

struct DataOptions;
struct Manifest;

/// A layout of labelled images. A new layout needs its own source file and a line in the table of table.cpp.
struct ManifestFormat {
    std::string_view name;          ///< value of data.format
    std::string_view help;          ///< description of the layout
    std::string_view is;            ///< "a CSV file", for messages
    std::string_view to_set_aside;  ///< how to set images aside for validation or testing
    bool among_images = true;       ///< the root contains the images, so no other files belong there
    /// True if a path looks like this layout.
    bool (*recognises)(const std::filesystem::path& root);
    /// Reads the images. The manifest has only classes with at least one image.
    /// @throws core::Error with all faults, when the path does not have this layout
    Manifest (*read)(const DataOptions& options);
};

extern const ManifestFormat kFolderManifest, kCsvManifest, kParkManifest;

/// Returns all formats, in the order of the help text.
std::span<const ManifestFormat* const> manifest_formats();

/// Returns the names of all formats.
std::vector<std::string> manifest_names();

/// @throws core::Error for an unknown name, with a list of the names and the most similar one
const ManifestFormat& find_manifest_format(const std::string& name);

}  // namespace kaziranga::data
