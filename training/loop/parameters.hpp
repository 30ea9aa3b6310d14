#pragma once

#include "models/backbone.hpp"
#include "training/loop/options.hpp"

#include <vector>

#include <ATen/core/Tensor.h>

namespace kaziranga::training {

/// A trained parameter and its settings.
struct TrainedParameter {
    at::Tensor value;
    double rate_factor = 1;  ///< factor of the learning rate
    bool decays = true;      ///< true if weight decay applies
    at::Tensor anchor = {};  ///< train.l2_sp pulls the value towards this; undefined: no pull
};

/// The parameters of a single module, such as a head. Weights decay; parameters of one dimension (biases, norms) do
/// not.
std::vector<TrainedParameter> parameters_of(const torch::nn::Module& module);

/// The parameters of a whole network that are among `trained`. The learning rate falls by the factor
/// optimizer.layer_decay from each layer to the one before it, as in timm's param_groups_layer_decay. The layers are
/// the head, each residual block, and the stem; modules between the last block and the head belong to the last block.
/// The head has optimizer.head_lr. With train.l2_sp, weights of the backbone are anchored at their current values, and
/// only the head decays (Li et al. 2018, eq. 4, arXiv:1802.01483).
std::vector<TrainedParameter> parameters_of(const models::Backbone& network, const std::vector<at::Tensor>& trained,
                                            const OptimizerOptions& optimizer, double l2_sp);

}  // namespace kaziranga::training
