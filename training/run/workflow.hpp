#pragma once

#include "core/error.hpp"
#include "core/preprocessing.hpp"
#include "evaluation/metrics.hpp"
#include "models/registry.hpp"
#include "training/options.hpp"
#include "training/run/run_folder.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace kaziranga::training {

/// What a run came to.
struct RunResult {
    RunFolder folder;
    std::map<std::string, evaluation::Metrics> splits;    ///< "train", "val", "test"; those that are there
    std::vector<std::pair<std::string, double>> seconds;  ///< a phase each, in order, "total" last
    std::vector<core::Problem> skipped;                   ///< images left out
    core::Preprocessing preprocessing;
    models::Peer peer;  ///< whose network best.safetensors loads into, or nothing
    int64_t classes = 0;
    int64_t epochs = 0;                           ///< run in all
    int64_t best_epoch = 0;                       ///< whose weights are in best.safetensors
    std::string backbone_before, backbone_after;  ///< hashes of the backbone; equal where it is frozen
};

/// Trains as the options say, from images on disk to a filled run folder.
/// @throws core::Error for what the user can mend; core::Interrupted after saving, when a stop was asked for
RunResult run_training(const Options& options);

}  // namespace kaziranga::training
