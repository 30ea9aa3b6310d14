#pragma once

#include "core/error.hpp"
#include "core/hash.hpp"
#include "data/dataset.hpp"
#include "data/split.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kaziranga::data {

/// One file looked at: its content hash, or what is wrong with it.
struct Inspection {
    core::Hash128 content;
    std::optional<core::Problem> problem;
};

enum class Depth { kStructure, kDecode };

/// Reads every file once, on `workers` threads (0: one a processor), with progress; hashes it, probes it, and with
/// Depth::kDecode decodes it.
/// @return one entry a sample, in order
std::vector<Inspection> inspect(const Samples& samples, Depth depth, int64_t max_pixels, int64_t workers);

/// The images of one split that can be used, with what tells their contents apart.
struct UsableImages {
    Samples samples;
    std::vector<core::Hash128> contents;  ///< of each sample
};

/// Those of every split. A split may be empty, but for `train`.
struct SplitImages {
    UsableImages train, val, test;

    UsableImages& of(Split split) { return split == Split::kTrain ? train : split == Split::kVal ? val : test; }
    const UsableImages& of(Split split) const { return const_cast<SplitImages*>(this)->of(split); }
};

/// The same content in two splits, under two classes, or twice in one class.
/// @param classes  by label     @param root  for the message
std::vector<core::Problem> warnings_of_copies(const SplitImages& images, const std::vector<std::string>& classes,
                                              const std::filesystem::path& root);

/// What `check` says of a dataset: everything inspect finds with Depth::kDecode, and copies of one photograph.
struct CheckReport {
    SplitImages usable;
    std::vector<core::Problem> errors;    ///< images that cannot be used
    std::vector<core::Problem> warnings;  ///< the dataset's own warnings, duplicates across splits and classes
    int64_t images = 0;
};
CheckReport check_dataset(const Dataset& dataset, int64_t max_pixels, int64_t workers);

}  // namespace kaziranga::data
