#pragma once

#include "core/hash.hpp"
#include "models/heads.hpp"
#include "models/weights/state_dict.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace kaziranga::training {

/// One line of results.csv.
struct EpochRow {
    int64_t epoch = 0;   ///< 1-based
    double seconds = 0;  ///< since training began, a solved head included, stops and train.measure left out
    double train_loss = 0;
    std::optional<double> top1, top5, val_loss;  ///< of the validation split, percent
    double lr = 0;                               ///< of the epoch's last step
    /// Top-1 in percent and loss of the splits of train.measure, by the names of their columns; empty in epochs that
    /// are not among train.measured_epochs.
    std::vector<std::pair<std::string, double>> measured = {};
};

/// `epoch,time,train/loss,metrics/accuracy_top1,metrics/accuracy_top5,val/loss,lr/pg0` and `<split>/accuracy_top1`,
/// `<split>/measured_loss` of the splits of train.measure; what there is no validation split for, and what was not
/// measured in an epoch, stays empty.
std::string results_csv(const std::vector<EpochRow>& rows);

/// Where training stands: all that the next step depends on.
struct TrainingState {
    int64_t epoch = 0;            ///< epochs done
    int64_t step = 0;             ///< steps done of the current one
    double loss_sum = 0;          ///< of those steps, weighted by samples
    double seconds = 0;           ///< spent training, the head that it starts from included
    double features_seconds = 0;  ///< spent on features before, in the sitting that began
    bool finished = false;
    std::vector<EpochRow> rows;
    int64_t best_epoch = 0;  ///< 1-based; 0: none yet, or the start was best
    double best_top1 = -1;
    double best_loss = 0;
    double plateau_factor = 1;    ///< what plateau has made of the learning rate
    int64_t plateau_since = 0;    ///< epoch from which it waits for a better validation
    models::HeadSpec head;        ///< of the head that is trained, or starts the training of more
    models::StateDict weights;    ///< of the trained module
    models::StateDict averaged;   ///< their running mean, empty without one
    models::StateDict best;       ///< at the best epoch, averaged where there is a mean
    models::StateDict optimizer;  ///< save_optimizer's

    /// What training came to: the mean where there is one.
    const models::StateDict& last() const { return averaged.empty() ? weights : averaged; }
};

/// Writes the state as one safetensors file. `identity` tells what is trained on what: config, classes, features.
void save_state(const std::filesystem::path& path, const TrainingState& state, core::Hash128 identity);

/// @return nothing when there is no file
/// @throws core::Error when the file is damaged, or belongs to another config or other images
std::optional<TrainingState> load_state(const std::filesystem::path& path, core::Hash128 identity);

}  // namespace kaziranga::training
