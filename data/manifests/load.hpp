#pragma once

#include "data/dataset.hpp"
#include "data/options.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace kaziranga::data {

/// Reads what is there through the format that options.format names.
/// @throws core::Error when the root is missing, unreadable, or has no class with an image
Manifest read_manifest(const DataOptions& options);

/// read_manifest, then split_dataset.
Dataset load_dataset(const DataOptions& options, uint64_t seed);

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
