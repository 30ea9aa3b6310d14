#include "studies/bias_variance/learners.hpp"

#include "core/interrupt.hpp"
#include "core/threads.hpp"
#include "studies/common/draws.hpp"
#include "training/heads/lbfgs_memory.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <ATen/Parallel.h>
#include <ATen/ops/ones_like.h>
#include <ATen/ops/stack.h>
#include <c10/core/InferenceMode.h>

namespace kaziranga::studies {
namespace {

using at::Tensor;
using training::inner_product;
using training::LbfgsMemory;

constexpr double kSufficient = 1e-4;  ///< Armijo's condition
constexpr double kLeastLength = 1e-8;
constexpr double kRounding = 4 * std::numeric_limits<double>::epsilon();  ///< relative, for the objective

/// Levenberg's damping, which controls the trust in the Gauss-Newton matrix.
struct Damping {
    double value = 1;
    double least;

    /// Below a tenth of the penalty's curvature damping has no effect; without a penalty it keeps the matrix positive.
    explicit Damping(double weight_decay) : least(std::max(0.1 * weight_decay, 1e-9)) {}

    /// Adapts to a step of this length along the direction; 0 if no step reduced the loss.
    void learn(double length) {
        constexpr double kTrusted = 3, kShort = 0.3, kFailed = 10, kMostShort = 1e4;
        if (length == 0) {
            value *= kFailed;
        } else if (length == 1) {
            value = std::max(value / kTrusted, least);
        } else if (length < kShort && value < kMostShort) {
            value *= kTrusted;
        }
    }

    /// True if even very short steps no longer reduce the loss.
    bool hopeless() const { return !(value < 1e10); }
};

Tensor direction_of(NetworkLoss& loss, const LbfgsMemory& memory, const Tensor& gradient, Damping& damping) {
    if (!loss.is_squared()) return memory.inverse_times(gradient, at::ones_like(gradient)).neg_();
    auto inverse = loss.inverse_curvature(damping.value);
    while (!inverse && !damping.hopeless()) {
        damping.learn(0);
        inverse = loss.inverse_curvature(damping.value);
    }
    return inverse ? memory.inverse_times(gradient, inverse).neg_() : -gradient;
}

struct Step {
    double length = 0, value = 0;
};

/// Moves the loss to a sufficiently low point along the direction; length 0 if there is none.
Step search(NetworkLoss& loss, const Tensor& w, const Tensor& direction, double value, double slope) {
    if (!(slope < 0)) return {};
    for (double length = 1; length > kLeastLength;) {
        const double there = loss.move_to(w.add(direction, length));
        if (there <= value + kSufficient * length * slope + kRounding * value) return {length, there};
        // The minimum of the parabola through the value and slope here and the value there.
        const double parabola = -slope * length * length / (2 * (there - value - slope * length));
        length = std::isfinite(parabola) ? std::clamp(parabola, 0.1 * length, 0.5 * length) : 0.1 * length;
    }
    return {};
}

}  // namespace

End descend(NetworkLoss& loss, Tensor w, const LearnerOptions& options) {
    LbfgsMemory memory;
    Damping damping(options.weight_decay);
    double value = loss.move_to(w);
    Tensor gradient = loss.gradient();
    bool fresh = true;  // true if the memory is empty and cannot mislead
    End end;
    for (;; ++end.iterations) {
        core::throw_if_interrupted();
        end.gradient_norm = gradient.norm().item<double>();
        end.converged = end.gradient_norm <= options.tolerance;
        if (end.converged || end.iterations == options.steps || damping.hopeless()) break;
        const Tensor direction = direction_of(loss, memory, gradient, damping);
        const Step step = search(loss, w, direction, value, inner_product(gradient, direction));
        if (loss.is_squared()) damping.learn(step.length);
        if (step.length == 0) {
            if (fresh && !loss.is_squared()) break;
            memory = {};
            fresh = true;
            loss.move_to(w);
            continue;
        }
        fresh = false;
        const Tensor next = w.add(direction, step.length), next_gradient = loss.gradient();
        memory.add(next - w, next_gradient - gradient);
        w = next;
        value = step.value;
        gradient = next_gradient;
    }
    end.w = w;
    return end;
}

Learners::Learners(int64_t count, const NetworkShape& shape, const at::Generator& from)
    : shape_(shape), w_(normal({count, shape.parameters()}, from) * shape.start_deviations()) {}

Convergence Learners::train(const Tensor& x, const Tensor& targets, const LearnerOptions& options) {
    std::vector<End> ends(static_cast<size_t>(w_.size(0)));
    core::parallel_for(w_.size(0), at::get_num_threads(), [&](int64_t i) {
        const c10::InferenceMode no_autograd;  // small operations have a large overhead
        NetworkLoss loss(shape_, x[i], targets[i], options.weight_decay);
        ends[static_cast<size_t>(i)] = descend(loss, w_[i], options);
    });
    Convergence all{.learners = w_.size(0)};
    std::vector<Tensor> rows;
    std::vector<int64_t> iterations;
    for (const End& end : ends) {
        rows.push_back(end.w);
        iterations.push_back(end.iterations);
        all.converged += end.converged ? 1 : 0;
        // NaN must not be lost in the comparison.
        if (!(end.gradient_norm <= all.largest_gradient)) all.largest_gradient = end.gradient_norm;
    }
    w_ = at::stack(rows);
    std::ranges::sort(iterations);
    all.median_iterations = static_cast<double>(iterations[iterations.size() / 2]);
    all.most_iterations = iterations.back();
    return all;
}

}  // namespace kaziranga::studies
