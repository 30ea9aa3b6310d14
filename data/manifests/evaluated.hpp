#pragma once

#include "data/dataset.hpp"

#include <filesystem>
#include <string>
#include <vector>

/// Labelled images that a model is judged by, whatever split they are in.
namespace kaziranga::data {

/// All rows of a table path,label[,split].
/// @param anywhere  whether its paths may lead out of its folder
Manifest read_csv_rows(const std::filesystem::path& file, bool anywhere);

/// The class folders that evaluation takes: those of test/, else of val/, else of train/, else of the folder itself.
/// @param classes  the model's: one of them may be called as a split
Manifest read_evaluated_folder(const std::filesystem::path& folder, const std::vector<std::string>& classes);

}  // namespace kaziranga::data
