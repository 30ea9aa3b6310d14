#pragma once

#include "data/dataset.hpp"
#include "data/options.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace kaziranga::data {

/// Reads the images with the format that options.format names.
/// @throws core::Error when the root is missing, unreadable, or has no class with an image
Manifest read_manifest(const DataOptions& options);

/// Calls read_manifest, then split_dataset.
Dataset load_dataset(const DataOptions& options, uint64_t seed);

/// Policy for labels that a model does not know.
enum class UnknownClasses { kError, kSkip };

/// Labelled images for the evaluation of a model.
struct LabelledImages {
    std::string split;                      ///< split of the folder that was read; empty: no split was selected
    Samples samples;                        ///< images of known classes; labels are indices into the model's classes
    std::map<std::string, size_t> unknown;  ///< number of omitted images of each unknown class
};

/// Loads images for evaluation: all rows of a CSV path,label[,split], or the class folders of a folder (or of its test/
/// split, else val/, if it has splits). Labels are matched by name to `classes`; some classes may have no image.
/// @param anywhere  true: a CSV's paths may lead out of its folder
/// @throws core::Error naming the unknown classes, with the most similar names, unless they are skipped
LabelledImages load_labelled(const std::filesystem::path& path, const std::vector<std::string>& classes,
                             UnknownClasses policy = UnknownClasses::kError, bool anywhere = false);

}  // namespace kaziranga::data
