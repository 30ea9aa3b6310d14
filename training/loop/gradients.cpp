#include "training/loop/gradients.hpp"

#include <cmath>

#include <ATen/ops/_foreach_mul.h>
#include <ATen/ops/_foreach_norm.h>
#include <ATen/ops/stack.h>
#include <c10/core/GradMode.h>

namespace kaziranga::training {

at::Tensor clip_gradients(const std::vector<at::Tensor>& parameters, double longest) {
    constexpr double kAwayFromZero = 1e-6;
    const c10::NoGradGuard no_grad;
    std::vector<at::Tensor> gradients;
    for (const at::Tensor& parameter : parameters) {
        if (parameter.grad().defined()) gradients.push_back(parameter.grad());
    }
    if (gradients.empty()) return {};
    const at::Tensor length = at::stack(at::_foreach_norm(gradients)).norm();
    if (std::isfinite(longest)) at::_foreach_mul_(gradients, (longest / (length + kAwayFromZero)).clamp_max(1));
    return length;
}

}  // namespace kaziranga::training
