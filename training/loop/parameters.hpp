#pragma once

#include "models/backbone.hpp"
#include "training/loop/options.hpp"

#include <vector>

#include <ATen/core/Tensor.h>

namespace kaziranga::training {

/// A parameter that is trained, and how.
struct TrainedParameter {
    at::Tensor value;
    double rate_factor = 1;  ///< of the learning rate
    bool decays = true;      ///< weight decay reaches it
    at::Tensor anchor = {};  ///< train.l2_sp pulls it towards this; undefined: nothing does
};

/// Those of a module alone, such as a head: weights decay, parameters of one dimension (biases, norms) do not.
std::vector<TrainedParameter> parameters_of(const torch::nn::Module& module);

/// Those among `trained` of a whole network. The learning rate falls by optimizer.layer_decay from one layer to the one
/// before it, as in timm's param_groups_layer_decay: the head, each residual block, to the last of which belongs what
/// stands between it and the head, and the stem are a layer each. The head has optimizer.head_lr. With train.l2_sp
/// weights of the backbone are anchored where they are now, and only the head decays (Li et al. 2018, eq. 4,
/// arXiv:1802.01483).
std::vector<TrainedParameter> parameters_of(const models::Backbone& network, const std::vector<at::Tensor>& trained,
                                            const OptimizerOptions& optimizer, double l2_sp);

}  // namespace kaziranga::training
