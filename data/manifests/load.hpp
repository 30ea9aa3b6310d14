#pragma once

#include "data/dataset.hpp"
#include "data/options.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace kaziranga::data {

/// Reads the images that root, or train, val and test, name.
/// @throws core::Error when one of them is missing, unreadable, or has no class with an image
Manifest read_manifest(const DataOptions& options);

/// Calls read_manifest, then split_dataset.
Dataset load_dataset(const DataOptions& options, uint64_t seed);

/// Finds images to classify, which have no labels: files, folders (all images below them), tables and the JSON of
/// detectors (the images that they name). "-" reads such names from standard input, one a line. Boxes come from the
/// tables, the JSON and options.detections; options.crop says which are used. Each image or box is taken once.
/// @throws core::Error for a path that does not exist, or when there is no image at all
FoundImages find_images(const std::vector<std::string>& inputs, const DataOptions& options);

/// Policy for labels that a model does not know.
enum class UnknownClasses { kError, kSkip };

/// Labelled images for the evaluation of a model.
struct LabelledImages {
    std::string split;                      ///< split of the folder that was read; empty: no split was selected
    Samples samples;                        ///< images of known classes; labels are indices into the model's classes
    std::map<std::string, size_t> unknown;  ///< number of omitted images of each unknown class
    std::vector<core::Problem> warnings;    ///< what was left out or may be meant otherwise
};

/// Loads images for evaluation: all rows of a CSV path,label[,split], or the class folders of a folder (or of its test/
/// split, else val/, if it has splits). Labels are matched by name to `classes`; some classes may have no image.
/// @param options  for the columns and paths of a table
/// @throws core::Error naming the unknown classes, with the most similar names, unless they are skipped
LabelledImages load_labelled(const std::filesystem::path& path, const std::vector<std::string>& classes,
                             UnknownClasses policy = UnknownClasses::kError, const DataOptions& options = {});

}  // namespace kaziranga::data
