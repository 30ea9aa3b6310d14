#include "training/heads/logistic.hpp"

#include <ATen/ops/cat.h>
#include <ATen/ops/full_like.h>
#include <ATen/ops/log_softmax.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>

#include <algorithm>
#include <cmath>

#include "core/interrupt.hpp"

namespace kaziranga::training {
namespace {

constexpr int kMostSteps = 100;
constexpr int kMostProducts = 100;  ///< with the Hessian, in one step
/// Conjugate gradients stop when the residual is at most this part of the gradient, and sooner the nearer the optimum.
constexpr double kRoughest = 0.3;
constexpr double kFinest = 1e-3;
/// Armijo's condition; a Newton step needs no other.
constexpr double kSufficient = 1e-4;
constexpr double kLeastLength = 1e-6;
constexpr double kRounding = 1e-7;         ///< what float32 leaves uncertain of the objective, as a part of it
constexpr double kCurvatureFloor = 1e-3;   ///< of the mean over the classes
constexpr double kLeastCurvature = 1e-12;  ///< where a single class leaves nothing to decide

/// Summed in double.
double inner_product(const at::Tensor& a, const at::Tensor& b) { return (a * b).sum(at::kDouble).item<double>(); }

}  // namespace

struct Logistic::Point {
    at::Tensor theta;   ///< [R + 1, K]
    at::Tensor logits;  ///< [N, K]
    double value;
    at::Tensor p;          ///< [N, K], probabilities
    at::Tensor gradient;   ///< [R + 1, K]
    at::Tensor curvature;  ///< [K], mean of p (1 - p)
};

struct Logistic::Step {
    at::Tensor theta;   ///< the way to go
    at::Tensor logits;  ///< how the logits change along it
};

Logistic::Logistic(const RotatedRows& rotated)
    : x_(rotated.rows.x),
      y_(rotated.rows.y.unsqueeze(1)),
      weights_((rotated.rows.w / rotated.rows.w.sum()).unsqueeze(1)),
      shares_(weights_.to(at::kFloat)),
      axes_(rotated.axes),
      classes_(rotated.rows.classes) {
    design_ = at::cat({rotated.z.to(at::kFloat), at::ones({x_.size(0), 1}, at::kFloat)}, 1);
    variances_ = at::cat({axes_.variances.to(at::kFloat), at::ones({1}, at::kFloat)}).unsqueeze(1);
}

Logistic::Point Logistic::evaluate(const at::Tensor& theta, const at::Tensor& logits, const at::Tensor& penalties) const {
    at::Tensor p = at::log_softmax(logits, 1);
    const double loss = -p.gather(1, y_).to(at::kDouble).mul(weights_).sum().item<double>();
    p.exp_();
    const at::Tensor curvature = (p - p.square()).mul_(shares_).sum(0);
    const at::Tensor error = p.scatter_add(1, y_, at::full_like(shares_, -1)).mul_(shares_);
    const at::Tensor penalised = theta * penalties;
    return {theta, logits, loss + inner_product(theta, penalised) / 2, p, design_.t().matmul(error).add_(penalised), curvature};
}

Logistic::Step Logistic::newton_step(const Point& at, const at::Tensor& penalties, const at::Tensor& guess,
                                     double accuracy) const {
    Step step{at::zeros_like(at.theta), at::zeros_like(at.logits)};
    at::Tensor residual = at.gradient.neg();
    at::Tensor scaled = residual * guess;
    at::Tensor direction = scaled.clone();
    double length = inner_product(residual, scaled);
    const double enough = length * accuracy * accuracy;
    for (int product = 0; product < kMostProducts && length > enough; ++product) {
        core::throw_if_interrupted();
        const at::Tensor change = design_.matmul(direction);
        at::Tensor weighted = at.p * change;
        weighted.sub_(at.p * weighted.sum(1, /*keepdim=*/true)).mul_(shares_);
        const at::Tensor image = design_.t().matmul(weighted).add_(direction * penalties);
        const double curvature = inner_product(direction, image);
        if (!(curvature > 0)) break;  // rounding: the objective is convex
        const double share = length / curvature;
        step.theta.add_(direction, share);
        step.logits.add_(change, share);
        residual.sub_(image, share);
        scaled = residual * guess;
        const double next = inner_product(residual, scaled);
        direction.mul_(next / length).add_(scaled);
        length = next;
    }
    return step;
}

LinearMap Logistic::fit(double penalty, const LinearMap* start, double tolerance) const {
    TORCH_CHECK(penalty > 0, "the penalty must be positive");
    const int64_t rank = axes_.variances.size(0);
    at::Tensor theta = at::zeros({rank + 1, classes_}, design_.options());
    if (start) {
        theta.narrow(0, 0, rank).copy_(axes_.directions.t().matmul(start->weight.to(axes_.directions.scalar_type()).t()));
        theta.select(0, rank).copy_(start->logits(axes_.mean.unsqueeze(0)).squeeze(0));
    }
    at::Tensor penalties = at::full_like(variances_, penalty);
    penalties.select(0, rank).zero_();  // the bias is free

    Point at = evaluate(theta, design_.matmul(theta), penalties);
    double first = 0;  // the squared length of the first gradient
    for (int i = 0; i < kMostSteps; ++i) {
        core::throw_if_interrupted();
        const at::Tensor curvature = at.curvature.maximum(kCurvatureFloor * at.curvature.mean()).clamp_min_(kLeastCurvature);
        const at::Tensor guess = (variances_ * curvature + penalties).reciprocal_();
        const double length = inner_product(at.gradient, at.gradient * guess);
        if (length / 2 <= tolerance * at.value) break;
        if (i == 0) first = length;
        const Step step = newton_step(at, penalties, guess, std::clamp(std::sqrt(length / first), kFinest, kRoughest));
        const double slope = inner_product(at.gradient, step.theta);
        if (!(slope < 0)) break;

        const auto along = [&](double share) {
            return evaluate(at.theta + share * step.theta, at.logits + share * step.logits, penalties);
        };
        double share = 1;
        Point next = along(share);
        while (next.value > at.value + kSufficient * share * slope + kRounding * at.value && share > kLeastLength) {
            // To the minimum of the parabola through the value and slope here and the value there.
            const double parabola = -slope * share * share / (2 * (next.value - at.value - slope * share));
            share = std::clamp(parabola, 0.1 * share, 0.5 * share);
            next = along(share);
        }
        if (share <= kLeastLength) break;
        at = std::move(next);
        if (-slope / 2 <= tolerance * at.value) break;  // what was left, and is gone
    }
    const at::Tensor inside = at.theta.narrow(0, 0, rank).to(axes_.directions.scalar_type());
    const at::Tensor weight = axes_.directions.matmul(inside).t().contiguous().to(at::kDouble);
    return {weight, at.theta.select(0, rank).to(at::kDouble) - weight.matmul(axes_.mean.to(at::kDouble))};
}

double Logistic::objective(const LinearMap& map, double penalty) const {
    const at::Tensor log_p = at::log_softmax(map.logits(x_), 1).gather(1, y_);
    return -(log_p * weights_).sum().item<double>() + penalty / 2 * map.weight.square().sum().item<double>();
}

}  // namespace kaziranga::training
