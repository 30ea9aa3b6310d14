#include "studies/quadratic_error/curvature.hpp"

#include "core/interrupt.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <ATen/ops/diag_embed.h>
#include <ATen/ops/linalg_eigh.h>
#include <ATen/ops/linalg_eigvalsh.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/zeros.h>
#include <c10/core/GradMode.h>
#include <c10/util/Exception.h>
#include <torch/csrc/autograd/autograd.h>

namespace kaziranga::studies {
namespace {

using at::Tensor;

/// A point for second derivatives: the gradient there has its own graph.
struct Differentiable {
    Tensor w, gradient;

    Differentiable(const Objective& objective, const Tensor& at) : w(at.detach().clone().requires_grad_()) {
        gradient = torch::autograd::grad({objective(w)}, {w}, {}, /*retain_graph=*/true, /*create_graph=*/true)[0];
    }

    Tensor times(const Tensor& v) const {
        return torch::autograd::grad({(gradient * v).sum()}, {w}, {}, /*retain_graph=*/true)[0];
    }
};

}  // namespace

double value(const Objective& objective, const Tensor& w) {
    const at::NoGradGuard no_grad;
    return objective(w).item<double>();
}

Tensor gradient(const Objective& objective, const Tensor& w) {
    const Tensor at = w.detach().clone().requires_grad_();
    return torch::autograd::grad({objective(at)}, {at})[0];
}

Tensor hessian_times(const Objective& objective, const Tensor& w, const Tensor& v) {
    return Differentiable(objective, w).times(v);
}

Tensor hessian(const Objective& objective, const Tensor& w) {
    const Differentiable point(objective, w);
    std::vector<Tensor> rows;
    for (int64_t i = 0; i < w.numel(); ++i) {
        Tensor unit = at::zeros_like(w);
        unit[i] = 1;
        rows.push_back(point.times(unit));
    }
    const Tensor matrix = at::stack(rows);
    return (matrix + matrix.t()) / 2;
}

Eigen eigen_of(const Tensor& symmetric) {
    const auto [values, vectors] = at::linalg_eigh(symmetric);
    return {values.flip(0), vectors.flip(1)};
}

Minimum minimise(const Objective& objective, Tensor w, double tolerance, int64_t most) {
    Minimum found{.w = w.detach().clone()};
    double damping = 1;
    for (; found.iterations < most; ++found.iterations) {
        core::throw_if_interrupted();
        found.value = value(objective, found.w);
        const Tensor g = gradient(objective, found.w);
        found.gradient_norm = g.norm().item<double>();
        if (found.gradient_norm <= tolerance) return found;
        const Eigen eigen = eigen_of(hessian(objective, found.w));
        const Tensor along = eigen.vectors.t().matmul(g), curvature = eigen.values.abs();
        constexpr double kStuck = 1e20, kSmallest = 1e-18, kFaster = 0.2, kSlower = 4;
        bool down = false;
        for (; !down && damping < kStuck; damping *= kSlower) {
            const Tensor next = found.w - eigen.vectors.matmul(along / (curvature + damping));
            // Near the minimum, the values no longer distinguish points, but the gradients do.
            const bool lower = value(objective, next) < found.value;
            const bool flatter = gradient(objective, next).norm().item<double>() < found.gradient_norm / 2 &&
                                 value(objective, next) <= found.value * (1 + 1e-12);
            if (!lower && !flatter) continue;
            found.w = next;
            down = true;
            damping = std::max(damping * kFaster, kSmallest) / kSlower;  // the loop's own step cancels the division
        }
        if (!down) break;
    }
    found.value = value(objective, found.w);
    found.gradient_norm = gradient(objective, found.w).norm().item<double>();
    return found;
}

Tensor lanczos(const std::function<Tensor(const Tensor&)>& times, const Tensor& start, int64_t steps) {
    TORCH_CHECK(steps >= 1 && steps <= start.numel(), "as many steps as there are dimensions, at most");
    std::vector<Tensor> basis = {start / start.norm()};
    std::vector<double> diagonal, beside;
    double size = 0;  // estimate of the matrix norm so far
    for (int64_t i = 0; i < steps; ++i) {
        core::throw_if_interrupted();
        Tensor next = times(basis.back());
        diagonal.push_back((next * basis.back()).sum().item<double>());
        const Tensor all = at::stack(basis);  // [i + 1, P]
        // Two passes are enough: the second removes the rounding error of the first.
        for (int repeat = 0; repeat < 2; ++repeat) next = next - all.t().matmul(all.matmul(next));
        const double length = next.norm().item<double>();
        size = std::max({size, std::abs(diagonal.back()), beside.empty() ? 0.0 : beside.back()});
        constexpr double kExhausted = 1e-13;
        if (i + 1 == steps || length < kExhausted * size) break;
        beside.push_back(length);
        basis.push_back(next / length);
    }
    const auto count = static_cast<int64_t>(diagonal.size());
    Tensor matrix = at::zeros({count, count}, at::kDouble);
    for (int64_t i = 0; i < count; ++i) {
        matrix[i][i] = diagonal[static_cast<size_t>(i)];
        if (i + 1 < count) matrix[i][i + 1] = matrix[i + 1][i] = beside[static_cast<size_t>(i)];
    }
    return at::linalg_eigvalsh(matrix).flip(0);
}

}  // namespace kaziranga::studies
