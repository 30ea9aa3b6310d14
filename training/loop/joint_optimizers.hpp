#pragma once

#include <torch/optim/adamw.h>
#include <torch/optim/sgd.h>

namespace kaziranga::training {

/// LibTorch's SGD with joint steps. LibTorch updates one parameter after another; here each operation of a step is
/// applied to all parameters of a group at once. On a GPU this takes a few kernels per group instead of a few per
/// parameter. State and settings are those of LibTorch; on the processor the results are too, bit for bit.
class JointSgd final : public torch::optim::SGD {
  public:
    using SGD::SGD;
    at::Tensor step(LossClosure closure = nullptr) override;
};

/// LibTorch's AdamW, changed in the same way. No AMSGrad.
class JointAdamW final : public torch::optim::AdamW {
  public:
    using AdamW::AdamW;
    at::Tensor step(LossClosure closure = nullptr) override;
};

}  // namespace kaziranga::training
