#pragma once

#include <torch/nn/module.h>
#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

#include "evaluation/metrics.hpp"
#include "training/options.hpp"
#include "training/training_state.hpp"

namespace kaziranga::training {

/// Where the samples of a step come from: a function of (epoch, step), so that training can begin at any step.
class Batches {
  public:
    virtual ~Batches() = default;

    /// Samples in one epoch.
    virtual int64_t size() const = 0;
    virtual int64_t batch_size() const = 0;
    int64_t steps() const { return (size() + batch_size() - 1) / batch_size(); }

    /// @return inputs [B, …] and labels [B] int64, on the device that trains
    virtual std::pair<torch::Tensor, torch::Tensor> get(int64_t epoch, int64_t step) = 0;
};

/// Rows of a matrix that stays in memory, such as cached features, shuffled anew each epoch.
std::unique_ptr<Batches> make_row_batches(torch::Tensor x, torch::Tensor y, int64_t batch_size, uint64_t seed);

/// What is trained, and how it is judged.
struct Task {
    torch::nn::Module* module = nullptr;  ///< its parameters that want gradients are trained
    std::function<torch::Tensor(const torch::Tensor&)> logits;  ///< inputs of a batch to [B, K], in training form
    Batches* batches = nullptr;
    /// Measures the validation split; empty where there is none.
    std::function<evaluation::Metrics()> validate;
};

struct TrainerSettings {
    LoopOptions loop;
    OptimizerOptions optimizer;
    SchedulerOptions scheduler;
};

/// Called with a state worth keeping: at the end, on an interrupt, and in between not more often than save_every.
using SaveState = std::function<void(const TrainingState&)>;

/// Trains from `state` on (a default one: from the start), one loop for every optimiser and every kind of batch. On
/// return the module holds the last weights and the result the best ones (by validation top-1, then loss; without
/// validation the last).
/// @throws core::Interrupted after saving; core::Error when loss or gradient is not finite, the last save unharmed
TrainingState train(const Task& task, const TrainerSettings& settings, TrainingState state, const SaveState& save);

}  // namespace kaziranga::training
