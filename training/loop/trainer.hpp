#pragma once

#include "data/balance.hpp"
#include "evaluation/metrics.hpp"
#include "training/loop/options.hpp"
#include "training/loop/parameters.hpp"
#include "training/loop/state.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <torch/nn/module.h>
#include <torch/types.h>

namespace kaziranga::training {

/// The samples of one forward and backward pass, on the training device.
struct TrainingBatch {
    torch::Tensor x;  ///< [B, …]
    torch::Tensor y;  ///< [B] int64, or [B, K] float where labels are mixed
};

/// The source of the batches of a step. A batch is a function of (epoch, number), so training can begin at any step.
class Batches {
  public:
    virtual ~Batches() = default;

    /// Samples in one epoch.
    virtual int64_t size() const = 0;
    virtual int64_t batch_size() const = 0;
    int64_t count() const { return (size() + batch_size() - 1) / batch_size(); }

    virtual TrainingBatch get(int64_t epoch, int64_t number) = 0;

    /// The names of the samples of a batch, for messages; may be empty.
    virtual std::vector<std::string> names(int64_t epoch, int64_t number) const = 0;
};

/// Rows of a matrix that stays in memory, such as cached features, in the order of epoch_order.
/// @param names  names of the rows, for messages; may be empty
std::unique_ptr<Batches> make_row_batches(torch::Tensor x, torch::Tensor y, std::vector<std::string> names,
                                          int64_t batch_size, data::Sampling sampling, uint64_t seed);

/// A training task: what is trained, and how it is evaluated.
struct Task {
    torch::nn::Module* module = nullptr;
    std::vector<TrainedParameter> parameters;  ///< of the module: those that are trained in at least one epoch
    std::function<torch::Tensor(const torch::Tensor&)> logits;  ///< from inputs of a batch to [B, K], in training mode
    Batches* batches = nullptr;
    /// Called at the start of every epoch, 0-based, also of a resumed one. Puts the module into its training mode.
    std::function<void(int64_t epoch)> enter_epoch = [](int64_t) {};
    /// Evaluates the validation split with the module in its current state; empty if there is no validation split.
    std::function<evaluation::Metrics()> validate = {};
    /// Splits that are measured after every epoch and shown in results.csv; they do not influence training.
    std::vector<std::pair<std::string, std::function<evaluation::Metrics()>>> measured = {};
    torch::Tensor class_weights = {};  ///< [K], for the loss; undefined: all one
    torch::Tensor adjustment = {};     ///< [K], added to the logits in training; undefined: none
};

/// Sets the class weights and the logit adjustment that the options ask for.
/// @param y  [N] labels of the training images
void balance_loss(Task& task, const data::BalanceOptions& options, const torch::Tensor& y, int64_t classes,
                  torch::Device device);

struct TrainerSettings {
    LoopOptions loop;
    OptimizerOptions optimizer;
    SchedulerOptions scheduler;
};

/// Called with a state to save: at the end, on an interrupt, and in between not more often than save_every.
using SaveState = std::function<void(const TrainingState&)>;

/// Trains from `state` on; a default state starts from the beginning. The loop is the same for every optimiser and
/// every kind of batch. On return, the module holds the last weights and the result holds the best ones (by validation
/// top-1, then loss; without validation the last). Both are averaged if train.ema is on.
/// @throws core::Interrupted after saving; core::Error naming epoch, step and samples if loss or gradient is not
///         finite; the last save is then intact
TrainingState train(const Task& task, const TrainerSettings& settings, TrainingState state, const SaveState& save);

}  // namespace kaziranga::training
