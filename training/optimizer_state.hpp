#pragma once

#include <torch/optim/optimizer.h>

#include <memory>
#include <string>

#include "models/weights/state_dict.hpp"
#include "training/options.hpp"

namespace kaziranga::training {

/// LibTorch's SGD, AdamW or L-BFGS (strong Wolfe line search, one iteration a step) over a module's parameters that
/// want gradients. Weight decay reaches weights alone, parameters of one dimension (biases, norms) never.
std::unique_ptr<torch::optim::Optimizer> make_optimizer(const torch::nn::Module& module,
                                                        const OptimizerOptions& options);

/// All that the optimiser remembers between steps, as named tensors: with it and the parameters training goes on bit
/// for bit. LibTorch's own archive is a pickle, which this program does not read.
models::StateDict save_optimizer(torch::optim::Optimizer& optimizer);

/// @throws core::Error when the tensors are not what save_optimizer wrote for such an optimiser
void load_optimizer(torch::optim::Optimizer& optimizer, const models::StateDict& state, const std::string& source);

}  // namespace kaziranga::training
