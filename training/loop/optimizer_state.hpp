#pragma once

#include "models/weights/state_dict.hpp"
#include "training/loop/options.hpp"
#include "training/loop/parameters.hpp"

#include <memory>
#include <string>
#include <vector>

#include <torch/optim/optimizer.h>

namespace kaziranga::training {

/// Makes SGD or AdamW, with one parameter group for each learning rate and weight decay.
std::unique_ptr<torch::optim::Optimizer> make_optimizer(const std::vector<TrainedParameter>& parameters,
                                                        const OptimizerOptions& options);

/// The learning-rate factors of make_optimizer's groups, in their order.
std::vector<double> rate_factors(const std::vector<TrainedParameter>& parameters);

/// Sets the learning rate of each group to `rate` times its factor.
void set_learning_rates(torch::optim::Optimizer& optimizer, const std::vector<double>& factors, double rate);

/// Sets the momentum of each group: the momentum of sgd, beta1 of adamw.
void set_momentum(torch::optim::Optimizer& optimizer, double momentum);

/// The complete optimiser state as named tensors. With it and the parameters, training resumes bit for bit. LibTorch's
/// own archive is a pickle, which this program does not read.
models::StateDict save_optimizer(torch::optim::Optimizer& optimizer);

/// @throws core::Error when the tensors are not what save_optimizer wrote for such an optimiser
void load_optimizer(torch::optim::Optimizer& optimizer, const models::StateDict& state, const std::string& source);

}  // namespace kaziranga::training
