#pragma once

#include "core/error.hpp"
#include "data/image_source.hpp"
#include "data/options.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace kaziranga::data {

/// An image with its label. Nothing has been read of it yet.
struct Sample {
    std::string path;    ///< as it can be opened; of a source's image its name. No fs::path: that holds its parts, too
    std::string name;    ///< how records call it: relative to the root, '/' between folders
    int64_t label = -1;  ///< index into Dataset::classes; -1 where unlabelled
    std::shared_ptr<const ImageSource> source = {};  ///< that makes it; null: it is a file
    int64_t place = 0;                               ///< in the source
};

using Samples = std::vector<Sample>;

/// Labelled images in splits. Within a split samples are ordered by class, then by name (in the order of `classes`).
struct Dataset {
    std::filesystem::path root;
    std::vector<std::string> classes;  ///< in order of their index
    Samples train, val, test;
    /// What is odd but no obstacle: empty class folders, classes missing from a split, one class under two spellings,
    /// files passed over because they are no images by name.
    std::vector<core::Problem> warnings;
    /// Images that the draw of shots passed over because they cannot be used.
    std::vector<core::Problem> unusable = {};
};

/// What a format found on disk, before any draw: one list a split name, or the unnamed list of class folders alone.
struct Manifest {
    std::filesystem::path root;
    std::string evaluated;             ///< the one split that was read, where others were left
    std::vector<std::string> classes;  ///< unordered names; Sample::label indexes them
    Samples train, val, test, unsplit;
    std::vector<core::Problem> warnings;
    /// Images that a table names and that are not there; they are in no split.
    std::vector<core::Problem> missing = {};
};

/// @throws core::Error when images are missing
void require_all_there(const Manifest& manifest);

/// Orders the classes, splits what has no splits, draws the shots: of images that can be used, where options.on_error
/// is skip and files are read for it. Else a pure function of its arguments.
/// @throws core::Error when images are missing; when a class has fewer training images than options.shots (each such
/// class named), or none
Dataset split_dataset(Manifest manifest, const DataOptions& options, uint64_t seed);

/// Images without labels: theirs are -1.
struct FoundImages {
    Samples samples;
    std::vector<core::Problem> warnings;  ///< files that were passed over
};

/// Every image below the folders, and the files named, in name order: for prediction.
/// @throws core::Error for a path that is not there, or when there is no image at all
FoundImages list_images(const std::vector<std::filesystem::path>& paths);

}  // namespace kaziranga::data
