#pragma once

#include "data/dataset.hpp"

#include <string>
#include <vector>

/// Reads labelled images for the evaluation of a model, in any split.
namespace kaziranga::data {

/// Reads the class folders of options.root for evaluation: those of test/, else of val/, else of train/, else of the
/// folder itself.
/// @param classes  the classes of the model; one of them may have the name of a split
Manifest read_evaluated_folder(const DataOptions& options, const std::vector<std::string>& classes);

}  // namespace kaziranga::data
