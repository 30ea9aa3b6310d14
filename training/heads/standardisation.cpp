#include "training/heads/standardisation.hpp"

#include <ATen/ops/ones.h>
#include <ATen/ops/var_mean.h>
#include <ATen/ops/where.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>
#include <c10/core/GradMode.h>

namespace kaziranga::training {

Standardisation Standardisation::of(const at::Tensor& rows, bool wanted) {
    if (!wanted) return {at::zeros({rows.size(1)}), at::ones({rows.size(1)})};
    const at::Tensor values = rows.to(at::kDouble);
    const auto [variance, mean] = at::var_mean(values, 0, /*unbiased=*/false);
    const at::Tensor deviation = variance.sqrt();
    const at::Tensor scale = at::where(deviation > 0, deviation.reciprocal(), at::zeros_like(deviation));
    return {mean.to(at::kFloat), scale.to(at::kFloat)};
}

LinearMap Standardisation::fold(const LinearMap& map) const {
    const at::Tensor weight = map.weight * scale;
    return {weight, map.bias - weight.mv(mean.to(at::kDouble))};
}

std::shared_ptr<models::Head> linear_head(const LinearMap& map) {
    auto head = std::make_shared<models::LinearHead>(
        models::HeadSpec{.features = map.weight.size(1), .classes = map.weight.size(0)});
    const c10::NoGradGuard no_grad;
    head->weight.copy_(map.weight);
    head->bias.copy_(map.bias);
    return head;
}

}  // namespace kaziranga::training
