#pragma once

#include "core/error.hpp"
#include "core/hash.hpp"
#include "data/dataset.hpp"
#include "data/look_hash.hpp"
#include "data/split.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kaziranga::data {

/// Result of inspecting one file: its content hash, or its problem.
struct Inspection {
    core::Hash128 content;
    std::optional<core::Problem> problem = {};
    std::optional<LookHash> look = {};  ///< with Depth::kLook, of a sound file; none if it looks like nothing
};

/// How thoroughly a file is inspected; each includes what comes before.
enum class Depth { kStructure, kDecode, kLook };

/// Reads every file once, on `workers` threads (0: one per processor), with progress. Hashes and probes it; with
/// Depth::kDecode also decodes it, with Depth::kLook also hashes how it looks.
/// @return one entry per sample, in order
std::vector<Inspection> inspect(const Samples& samples, Depth depth, int64_t max_pixels, int64_t workers);

/// The usable images of one split, with hashes that identify their contents.
struct UsableImages {
    Samples samples;
    std::vector<core::Hash128> contents;              ///< one per sample
    std::vector<std::optional<LookHash>> looks = {};  ///< one per sample if they were inspected for it, else empty
};

/// The usable images of every split. All splits except `train` may be empty.
struct SplitImages {
    UsableImages train, val, test;

    UsableImages& of(Split split) { return split == Split::kTrain ? train : split == Split::kVal ? val : test; }
    const UsableImages& of(Split split) const { return const_cast<SplitImages*>(this)->of(split); }
};

/// Returns warnings about equal contents in two splits, under two classes, or twice in one class.
/// @param classes  names by label     @param root  for the message
std::vector<core::Problem> warnings_of_copies(const SplitImages& images, const std::vector<std::string>& classes,
                                              const std::filesystem::path& root);

/// Returns a warning for each of val and test that has images which look like a training image (LookHash) without being
/// copies of it: images of one animal and moment, of which a model has seen one.
std::vector<core::Problem> warnings_of_looks(const SplitImages& images, const DataOptions& options);

/// Result of `check` for a dataset: everything that inspect finds with Depth::kLook, and copies of one image.
struct CheckReport {
    SplitImages usable;
    std::vector<core::Problem> errors;    ///< images that cannot be used
    std::vector<core::Problem> warnings;  ///< warnings of the dataset, and copies of images
    int64_t images = 0;
};
CheckReport check_dataset(const Dataset& dataset, const DataOptions& options);

}  // namespace kaziranga::data
