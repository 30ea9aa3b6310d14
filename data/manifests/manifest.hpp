#pragma once

#include "data/dataset.hpp"
#include "data/options.hpp"

namespace kaziranga::data {

/// Reads one layout of labelled images into a manifest. A new format is a function like these and its line in the
/// table of dataset.cpp. Only classes with an image are in the manifest.
/// @throws core::Error with every fault found, when the layout does not hold
using ReadManifest = Manifest (*)(const DataOptions& options);

/// train/, val/ and test/ of <class>/<image>, or class folders alone.
Manifest read_folder(const DataOptions& options);

/// A table path,label[,split] with a header line; options.root is the file, paths are relative to its folder.
Manifest read_csv(const DataOptions& options);

/// All rows of such a table, whatever their split, for evaluation.
/// @param anywhere  whether its paths may lead out of its folder
Manifest read_csv_rows(const std::filesystem::path& file, bool anywhere);

/// The class folders that evaluation takes: those of test/, else of val/, else of train/, else of the folder itself.
/// @param classes  the model's: one of them may be called as a split
Manifest read_evaluated_folder(const std::filesystem::path& folder, const std::vector<std::string>& classes);

/// A made-up park by its park.json, or the folder that holds it: each image is drawn when it is needed.
Manifest read_park(const DataOptions& options);

}  // namespace kaziranga::data
