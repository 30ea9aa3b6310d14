#pragma once

#include "core/error.hpp"
#include "data/options.hpp"
#include "data/park.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace kaziranga::data {

/// An image with its label. Nothing has been read of it yet.
struct Sample {
    std::string path;    ///< as it can be opened; of a drawn image its name. No fs::path: that holds its parts, too
    std::string name;    ///< how records call it: relative to the root, '/' between folders
    int64_t label = -1;  ///< index into Dataset::classes; -1 where unlabelled
    std::shared_ptr<const Park> park = {};  ///< that draws it; null: it is a file
    ParkImage drawn = {};
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

/// Reads what is there through the format that options.format names.
/// @throws core::Error when the root is missing, unreadable, or has no class with an image
Manifest read_manifest(const DataOptions& options);

/// @throws core::Error when images are missing
void require_all_there(const Manifest& manifest);

/// Orders the classes, splits what has no splits, draws the shots: of images that can be used, where options.on_error
/// is skip and files are read for it. Else a pure function of its arguments.
/// @throws core::Error when images are missing; when a class has fewer training images than options.shots (each such
/// class named), or none
Dataset split_dataset(Manifest manifest, const DataOptions& options, uint64_t seed);

/// read_manifest, then split_dataset.
Dataset load_dataset(const DataOptions& options, uint64_t seed);

/// Images without labels: theirs are -1.
struct FoundImages {
    Samples samples;
    std::vector<core::Problem> warnings;  ///< files that were passed over
};

/// Every image below the folders, and the files named, in name order: for prediction.
/// @throws core::Error for a path that is not there, or when there is no image at all
FoundImages list_images(const std::vector<std::filesystem::path>& paths);

/// The images of one split of a park that is drawn as needed, by species, in the record's order.
/// @param split  index into synthetic::kSplits
Samples park_samples(const std::shared_ptr<const Park>& park, int64_t split);

/// What becomes of labels that a model does not know.
enum class UnknownClasses { kError, kSkip };

/// Labelled images to judge a model by.
struct LabelledImages {
    std::string split;                      ///< of the folder, that they were taken of; empty for all that is there
    Samples samples;                        ///< of classes that it knows; labels index the model's classes
    std::map<std::string, size_t> unknown;  ///< images of each class that it does not know, left out
};

/// For evaluation: all rows of a CSV path,label[,split], or the class folders of a folder (or of its test/ split, else
/// val/, where it has splits); labels are matched by name to `classes`, of which some may have no image.
/// @param anywhere  whether a CSV's paths may lead out of its folder
/// @throws core::Error naming the classes that are not known, with the nearest names, unless they are skipped
LabelledImages load_labelled(const std::filesystem::path& path, const std::vector<std::string>& classes,
                             UnknownClasses policy = UnknownClasses::kError, bool anywhere = false);

}  // namespace kaziranga::data
