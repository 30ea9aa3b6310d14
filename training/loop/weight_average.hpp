#pragma once

#include "models/weights/state_dict.hpp"

#include <torch/nn/module.h>

namespace kaziranga::training {

/// Copies of all parameters and buffers, on the CPU.
models::StateDict copy_of(const torch::nn::Module& module);

/// A running mean of a module's weights, which often does better than the last ones (Polyak and Juditsky 1992): after
/// update n, counted from 0, mean = d mean + (1 - d) weights with d = min(decay, (1 + n) / (10 + n)), so that a short
/// training is averaged too. Buffers are those of the module. TensorFlow's ExponentialMovingAverage with num_updates,
/// and timm's ModelEmaV3 with use_warmup, warmup_gamma 9, warmup_power 1, update_after_step -1 and exclude_buffers;
/// timm's ModelEmaV2, and V3 as it is by default, keep to the decay from the first step on and average buffers too.
class WeightAverage {
  public:
    /// @param saved  an average to go on with; empty: begin with the module's weights
    WeightAverage(torch::nn::Module& module, double decay, const models::StateDict& saved);

    void update(int64_t number);

    models::StateDict copy() const;

    /// Puts the mean in the place of the module's weights for as long as it lives.
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
