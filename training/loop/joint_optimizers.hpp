#pragma once

#include <torch/optim/adamw.h>
#include <torch/optim/sgd.h>

namespace kaziranga::training {

/// LibTorch's SGD, which takes its step one parameter after another, with each operation of the step done to all
/// parameters of a group at once: on a GPU a few kernels a group instead of a few a parameter. State, settings and, on
/// the processor, every bit are its own.
class JointSgd final : public torch::optim::SGD {
  public:
    using SGD::SGD;
    at::Tensor step(LossClosure closure = nullptr) override;
};

/// LibTorch's AdamW in the same way. No AMSGrad.
class JointAdamW final : public torch::optim::AdamW {
  public:
    using AdamW::AdamW;
    at::Tensor step(LossClosure closure = nullptr) override;
};

}  // namespace kaziranga::training
