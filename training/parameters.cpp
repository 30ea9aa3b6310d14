#include "training/parameters.hpp"

#include <cmath>
#include <unordered_set>

namespace kaziranga::training {
namespace {

bool is_weight(const at::Tensor& parameter) {
    return parameter.dim() > 1;
}

/// 0 for the last group of layers before the head, one more for each before it.
int64_t depth_of(const std::string& name, const std::vector<std::vector<std::string>>& groups) {
    const auto count = static_cast<int64_t>(groups.size());
    for (int64_t g = 0; g < count; ++g) {
        for (const std::string& module : groups[static_cast<size_t>(g)]) {
            if (name.starts_with(module + ".")) return count - 1 - g;
        }
    }
    TORCH_CHECK(false, "the parameter belongs to no group of layers: ", name);
}

}  // namespace

std::vector<TrainedParameter> parameters_of(const torch::nn::Module& module) {
    std::vector<TrainedParameter> result;
    for (const at::Tensor& parameter : module.parameters()) {
        result.push_back({.value = parameter, .decays = is_weight(parameter)});
    }
    return result;
}

std::vector<TrainedParameter> parameters_of(const models::Backbone& network, const std::vector<at::Tensor>& trained,
                                            const OptimizerOptions& optimizer, double l2_sp) {
    std::unordered_set<const void*> wanted;
    for (const at::Tensor& parameter : trained) wanted.insert(parameter.unsafeGetTensorImpl());
    const auto groups = network.layer_groups();
    const std::string head = network.classifier_name() + ".";
    std::vector<TrainedParameter> result;
    for (const auto& item : network.named_parameters()) {
        const at::Tensor& parameter = item.value();
        if (!wanted.contains(parameter.unsafeGetTensorImpl())) continue;
        TrainedParameter made{.value = parameter, .decays = is_weight(parameter)};
        if (item.key().starts_with(head)) {
            if (!optimizer.head_lr.is_auto()) made.rate_factor = *optimizer.head_lr.value / optimizer.lr;
        } else {
            made.rate_factor = std::pow(optimizer.layer_decay, 1.0 + static_cast<double>(depth_of(item.key(), groups)));
            if (l2_sp > 0) {
                made.anchor = parameter.detach().clone();
                made.decays = false;
            }
        }
        result.push_back(std::move(made));
    }
    return result;
}

}  // namespace kaziranga::training
