#pragma once

#include "models/weights/state_dict.hpp"

#include <torch/nn/module.h>

namespace kaziranga::training {

/// Copies all parameters and buffers to the CPU.
models::StateDict copy_of(const torch::nn::Module& module);

/// A running mean of a module's weights, which is often better than the last weights (Polyak and Juditsky 1992). Update
/// n, counted from 0, sets mean = d mean + (1 - d) weights with d = min(decay, (1 + n) / (10 + n)), so that a short
/// training is averaged too. Buffers are those of the module. This equals TensorFlow's ExponentialMovingAverage with
/// num_updates, and timm's ModelEmaV3 with use_warmup, warmup_gamma 9, warmup_power 1, update_after_step -1 and
/// exclude_buffers. timm's ModelEmaV2, and V3 by default, use the decay unchanged from the first step on and average
/// buffers too.
class WeightAverage {
  public:
    /// @param saved  an average to continue; empty: start with the module's weights
    WeightAverage(torch::nn::Module& module, double decay, const models::StateDict& saved);

    void update(int64_t number);

    models::StateDict copy() const;

    /// Replaces the module's weights with the mean during its own lifetime.
    class InPlace {
      public:
        explicit InPlace(WeightAverage& average) : average_(average) { average_.swap(); }
        ~InPlace() { average_.swap(); }
        InPlace(const InPlace&) = delete;
        InPlace& operator=(const InPlace&) = delete;

      private:
        WeightAverage& average_;
    };

  private:
    void swap();

    torch::nn::Module& module_;
    double decay_;
    std::vector<at::Tensor> means_;  ///< of the module's parameters, in their order
};

}  // namespace kaziranga::training
