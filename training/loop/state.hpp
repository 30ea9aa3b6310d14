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
    double seconds = 0;  ///< since training began, including a solved head, without interruptions and train.measure
    double train_loss = 0;
    std::optional<double> top1, top5, val_loss;  ///< of the validation split, percent
    double lr = 0;                               ///< at the last step of the epoch
    /// Top-1 in percent and loss of the splits of train.measure, with their column names; empty in epochs that are not
    /// among train.measured_epochs.
    std::vector<std::pair<std::string, double>> measured = {};
};

/// The CSV table `epoch,time,train/loss,metrics/accuracy_top1,metrics/accuracy_top5,val/loss,lr/pg0` with
/// `<split>/accuracy_top1`, `<split>/measured_loss` for the splits of train.measure. Values that need a missing
/// validation split, and values that were not measured in an epoch, are empty.
std::string results_csv(const std::vector<EpochRow>& rows);

/// The state of training: everything that the next step depends on.
struct TrainingState {
    int64_t epoch = 0;            ///< epochs done
    int64_t step = 0;             ///< steps done in the current epoch
    double loss_sum = 0;          ///< sum of the losses of those steps, weighted by samples
    double seconds = 0;           ///< spent training, including the head that training starts from
    double features_seconds = 0;  ///< spent on features before training, in the session that started the run
    bool finished = false;
    std::vector<EpochRow> rows;
    int64_t best_epoch = 0;  ///< 1-based; 0: none yet, or the start was best
    double best_top1 = -1;
    double best_loss = 0;
    double plateau_factor = 1;    ///< factor of plateau on the learning rate
    int64_t plateau_since = 0;    ///< epoch since which plateau waits for a better validation
    models::HeadSpec head;        ///< of the head that is trained, or that training of more starts from
    models::StateDict weights;    ///< of the trained module
    models::StateDict averaged;   ///< running mean of the weights; empty if there is none
    models::StateDict best;       ///< weights at the best epoch; the running mean if there is one
    models::StateDict optimizer;  ///< from save_optimizer

    /// The result of training: the mean if there is one.
    const models::StateDict& last() const { return averaged.empty() ? weights : averaged; }
};

/// Writes the state as one safetensors file. `identity` identifies what is trained on what: config, classes, features.
void save_state(const std::filesystem::path& path, const TrainingState& state, core::Hash128 identity);

/// @return nothing when there is no file
/// @throws core::Error when the file is damaged, or belongs to another config or other images
std::optional<TrainingState> load_state(const std::filesystem::path& path, core::Hash128 identity);

}  // namespace kaziranga::training
