#pragma once

#include "models/weights/state_dict.hpp"
#include "training/loop/options.hpp"
#include "training/loop/parameters.hpp"

#include <memory>
#include <string>
#include <vector>

#include <torch/optim/optimizer.h>

namespace kaziranga::training {

/// SGD or AdamW, a group of parameters for each learning rate and weight decay.
std::unique_ptr<torch::optim::Optimizer> make_optimizer(const std::vector<TrainedParameter>& parameters,
                                                        const OptimizerOptions& options);

/// The factor of the learning rate of each of make_optimizer's groups, in their order.
std::vector<double> rate_factors(const std::vector<TrainedParameter>& parameters);

/// Gives each group its rate: `rate` times its factor.
void set_learning_rates(torch::optim::Optimizer& optimizer, const std::vector<double>& factors, double rate);

/// Gives each group its momentum: that of sgd, beta1 of adamw.
void set_momentum(torch::optim::Optimizer& optimizer, double momentum);

/// All that the optimiser remembers between steps, as named tensors: with it and the parameters training goes on bit
/// for bit. LibTorch's own archive is a pickle, which this program does not read.
models::StateDict save_optimizer(torch::optim::Optimizer& optimizer);

/// @throws core::Error when the tensors are not what save_optimizer wrote for such an optimiser
void load_optimizer(torch::optim::Optimizer& optimizer, const models::StateDict& state, const std::string& source);

}  // namespace kaziranga::training
