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

/// The result of a run.
struct RunResult {
    RunFolder folder;
    std::map<std::string, evaluation::Metrics> splits;    ///< "train", "val", "test"; only those that exist
    std::vector<std::pair<std::string, double>> seconds;  ///< one per phase, in order, "total" last
    std::vector<core::Problem> skipped;                   ///< images left out
    core::Preprocessing preprocessing;
    models::Peer peer;  ///< the library and model that best.safetensors loads into, or nothing
    int64_t classes = 0;
    int64_t epochs = 0;                           ///< total number of epochs
    int64_t best_epoch = 0;                       ///< the epoch of the weights in best.safetensors
    std::string backbone_before, backbone_after;  ///< hashes of the backbone; equal if it is frozen
};

/// Trains as the options say, from images on disk to a filled run folder.
/// @throws core::Error for problems that the user can fix; core::Interrupted after saving, if a stop was requested
RunResult run_training(const Options& options);

}  // namespace kaziranga::training
