#include "training/heads/logistic.hpp"

#include "core/interrupt.hpp"

#include <deque>

#include <ATen/ops/cat.h>
#include <ATen/ops/full_like.h>
#include <ATen/ops/log_softmax.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>

namespace kaziranga::training {
namespace {

constexpr size_t kMemory = 10;
constexpr int64_t kMostIterations = 500;
/// Stops when half the squared gradient in the norm of the first guess, an estimate of how far the objective is above
/// its minimum, or the last decrease is this part of the objective.
constexpr double kTolerance = 1e-8;
/// Armijo's condition; of a convex function the curvature condition of Wolfe holds without asking.
constexpr double kSufficient = 1e-4;
constexpr double kLeastLength = 1e-8;
constexpr double kCurvatureFloor = 1e-3;   ///< of the mean over the classes
constexpr double kLeastCurvature = 1e-12;  ///< where a single class leaves nothing to decide

/// Summed in double.
double inner_product(const at::Tensor& a, const at::Tensor& b) {
    return (a * b).sum(at::kDouble).item<double>();
}

/// The last steps and changes of the gradient: L-BFGS's idea of the inverse Hessian.
class Memory {
  public:
    void add(const at::Tensor& step, const at::Tensor& change) {
        const double curvature = inner_product(step, change);
        if (!(curvature > 0)) return;  // rounding: the objective is convex
        pairs_.push_back({step, change, curvature});
        if (pairs_.size() > kMemory) pairs_.pop_front();
    }

    /// The two-loop recursion (Nocedal and Wright 2006, algorithm 7.4) around a diagonal first guess of the inverse.
    at::Tensor inverse_times(const at::Tensor& gradient, const at::Tensor& guess) const {
        at::Tensor result = gradient.clone();
        std::vector<double> projections(pairs_.size());
        for (size_t i = pairs_.size(); i-- > 0;) {
            projections[i] = inner_product(pairs_[i].step, result) / pairs_[i].curvature;
            result.sub_(pairs_[i].change, projections[i]);
        }
        result.mul_(guess);
        if (!pairs_.empty()) {  // at the scale of the last step
            const Pair& last = pairs_.back();
            result.mul_(last.curvature / inner_product(last.change, last.change * guess));
        }
        for (size_t i = 0; i < pairs_.size(); ++i) {
            const double projection = inner_product(pairs_[i].change, result) / pairs_[i].curvature;
            result.add_(pairs_[i].step, projections[i] - projection);
        }
        return result;
    }

  private:
    struct Pair {
        at::Tensor step, change;
        double curvature;
    };
    std::deque<Pair> pairs_;
};

}  // namespace

struct Logistic::Point {
    at::Tensor theta;  ///< [R + 1, K]
    double value;
    at::Tensor gradient;   ///< [R + 1, K]
    at::Tensor curvature;  ///< [K], mean of p (1 - p)
};

Logistic::Logistic(const WeightedRows& rows)
    : x_(rows.x),
      y_(rows.y.unsqueeze(1)),
      weights_((rows.w / rows.w.sum()).unsqueeze(1)),
      axes_(principal_axes(rows.x.to(at::kFloat), rows.w)),
      classes_(rows.classes) {
    const auto options = axes_.directions.options();
    design_ = at::cat({axes_.coordinates(x_.to(at::kFloat)), at::ones({x_.size(0), 1}, options)}, 1);
    variances_ = at::cat({axes_.variances, at::ones({1}, options)}).unsqueeze(1);
}

Logistic::Point Logistic::evaluate(const at::Tensor& theta, const at::Tensor& penalties) const {
    const at::Tensor design = design_.to(theta.scalar_type());
    at::Tensor p = at::log_softmax(design.matmul(theta), 1);
    const double loss = -p.gather(1, y_).to(at::kDouble).mul(weights_).sum().item<double>();
    p.exp_();
    const at::Tensor weights = weights_.to(theta.scalar_type());
    const at::Tensor curvature = (p - p.square()).mul_(weights).sum(0);
    p.scatter_add_(1, y_, at::full_like(weights, -1)).mul_(weights);
    const at::Tensor penalised = theta * penalties;
    return {theta, loss + inner_product(theta, penalised) / 2, design.t().matmul(p).add_(penalised), curvature};
}

LinearMap Logistic::fit(double penalty, const LinearMap* start) const {
    TORCH_CHECK(penalty > 0, "the penalty must be positive");
    const int64_t rank = axes_.variances.size(0);
    at::Tensor theta = at::zeros({rank + 1, classes_}, design_.options());
    if (start) {
        theta.narrow(0, 0, rank).copy_(axes_.directions.t().matmul(start->weight.to(at::kFloat).t()));
        theta.select(0, rank).copy_(start->logits(axes_.mean.unsqueeze(0)).squeeze(0));
    }
    at::Tensor penalties = at::full_like(variances_, penalty);
    penalties.select(0, rank).zero_();  // the bias is free

    Memory memory;
    Point at = evaluate(theta, penalties);
    at::Tensor curvature = at.curvature;
    for (int64_t iteration = 0; iteration < kMostIterations; ++iteration) {
        core::throw_if_interrupted();
        // A step that overshoots makes p look decided and the guess endless: the curvature sinks slowly, and no class's
        // falls far below the others'.
        curvature = at.curvature.maximum(curvature / 2);
        curvature = curvature.maximum(kCurvatureFloor * curvature.mean()).clamp_min_(kLeastCurvature);
        const at::Tensor guess = (variances_ * curvature + penalties).reciprocal_();
        if (inner_product(at.gradient, at.gradient * guess) / 2 <= kTolerance * at.value) break;
        const at::Tensor direction = memory.inverse_times(at.gradient, guess).neg_();
        const double slope = inner_product(at.gradient, direction);

        double length = 1;
        Point next = evaluate(at.theta + direction, penalties);
        while (next.value > at.value + kSufficient * length * slope && length > kLeastLength) {
            // To the minimum of the parabola through the value and slope here and the value there.
            const double parabola = -slope * length * length / (2 * (next.value - at.value - slope * length));
            length = std::clamp(parabola, 0.1 * length, 0.5 * length);
            next = evaluate(at.theta + length * direction, penalties);
        }
        const double decrease = at.value - next.value;
        const bool stalled = decrease <= kTolerance * at.value;
        if (decrease > 0) {
            memory.add(next.theta - at.theta, next.gradient - at.gradient);
            at = std::move(next);
        }
        if (stalled && at.theta.scalar_type() == at::kDouble) break;
        if (stalled) at = evaluate(at.theta.to(at::kDouble), penalties);  // float32 can tell no further
    }
    const at::Tensor weight =
        axes_.directions.to(at::kDouble).matmul(at.theta.narrow(0, 0, rank).to(at::kDouble)).t().contiguous();
    return {weight, at.theta.select(0, rank).to(at::kDouble) - weight.matmul(axes_.mean.to(at::kDouble))};
}

double Logistic::objective(const LinearMap& map, double penalty) const {
    const at::Tensor log_p = at::log_softmax(map.logits(x_), 1).gather(1, y_);
    return -(log_p * weights_).sum().item<double>() + penalty / 2 * map.weight.square().sum().item<double>();
}

}  // namespace kaziranga::training
