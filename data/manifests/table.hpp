#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace kaziranga::data {

struct DataOptions;
struct Manifest;

/// A layout of labelled images. A new layout needs its own source file and a place in the two lines below.
struct ManifestFormat {
    std::string_view name;          ///< value of data.format
    std::string_view help;          ///< description of the layout
    std::string_view is;            ///< "a CSV file", for messages
    std::string_view to_set_aside;  ///< how to set images aside for validation or testing
    bool among_images = true;       ///< the root contains the images, so no other files belong there
    /// True if a path looks like this layout.
    bool (*recognises)(const std::filesystem::path& root);
    /// Reads the images. The manifest has only classes with at least one image.
    /// @throws core::Error with all problems, when the path does not have this layout
    Manifest (*read)(const DataOptions& options);
    /// Reads all rows of a table for the evaluation of a model, in any split. Null: the layout is not a table.
    Manifest (*read_rows)(const DataOptions& options) = nullptr;
};

extern const ManifestFormat kFolderManifest, kCsvManifest, kCocoManifest, kAnswersManifest, kCubManifest,
    kTinyImagenetManifest, kCamtrapManifest, kParkManifest;
/// All layouts, in the order of the help text. A later one is more special: data.format=auto takes the last one that
/// recognises a path.
inline constexpr const ManifestFormat* kManifestFormats[] = {&kFolderManifest,  &kCsvManifest, &kCocoManifest,
                                                             &kAnswersManifest, &kCubManifest, &kTinyImagenetManifest,
                                                             &kCamtrapManifest, &kParkManifest};

/// Returns the words of data.format: auto, and the names of all layouts.
std::vector<std::string> formats_of_data();

/// The layout that options.format names, or with auto that of the path; a folder if it is none.
const ManifestFormat& format_of(const DataOptions& options, const std::filesystem::path& path);

}  // namespace kaziranga::data
