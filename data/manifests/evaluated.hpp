#pragma once

#include "data/dataset.hpp"

#include <filesystem>
#include <string>
#include <vector>

/// Reads labelled images for the evaluation of a model, in any split.
namespace kaziranga::data {

/// Reads the class folders for evaluation: those of test/, else of val/, else of train/, else of the folder itself.
/// @param classes  the classes of the model; one of them may have the name of a split
Manifest read_evaluated_folder(const std::filesystem::path& folder, const std::vector<std::string>& classes);

}  // namespace kaziranga::data
