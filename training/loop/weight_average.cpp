#include "training/loop/weight_average.hpp"

#include <algorithm>
#include <map>

#include <c10/core/GradMode.h>

namespace kaziranga::training {

models::StateDict copy_of(const torch::nn::Module& module) {
    models::StateDict copy = models::state_dict(module);
    for (auto& [name, tensor] : copy) tensor = tensor.detach().to(at::kCPU, tensor.scalar_type(), false, true);
    return copy;
}

WeightAverage::WeightAverage(torch::nn::Module& module, double decay, const models::StateDict& saved)
    : module_(module), decay_(decay) {
    const std::map<std::string, at::Tensor> before(saved.begin(), saved.end());
    for (const auto& item : module.named_parameters()) {
        const auto found = before.find(item.key());
        const at::Tensor& start = found == before.end() ? item.value() : found->second;
        means_.push_back(start.detach().to(item.value().device(), item.value().scalar_type(), false, true));
    }
}

void WeightAverage::update(int64_t number) {
    const c10::NoGradGuard no_grad;
    const auto n = static_cast<double>(number);
    const double kept = std::min(decay_, (1 + n) / (10 + n));
    const auto parameters = module_.parameters();
    for (size_t i = 0; i < means_.size(); ++i) means_[i].lerp_(parameters[i], 1 - kept);
}

models::StateDict WeightAverage::copy() const {
    models::StateDict all = copy_of(module_);
    std::map<std::string, size_t> index;
    for (const auto& item : module_.named_parameters()) index.emplace(item.key(), index.size());
    for (auto& [name, tensor] : all) {
        const auto found = index.find(name);
        if (found != index.end()) tensor = means_[found->second].to(at::kCPU, tensor.scalar_type(), false, true);
    }
    return all;
}

void WeightAverage::swap() {
    const c10::NoGradGuard no_grad;
    auto parameters = module_.parameters();
    for (size_t i = 0; i < means_.size(); ++i) {
        const at::Tensor weights = parameters[i].detach().clone();
        parameters[i].copy_(means_[i]);
        means_[i].copy_(weights);
    }
}

}  // namespace kaziranga::training
