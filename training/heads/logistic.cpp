#include "training/heads/logistic.hpp"

#include "core/interrupt.hpp"
#include "training/heads/lbfgs_memory.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <ATen/ops/addcmul.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/full_like.h>
#include <ATen/ops/log_softmax.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/ones_like.h>
#include <ATen/ops/threshold.h>
#include <ATen/ops/zeros.h>

namespace kaziranga::training {
namespace {

constexpr int kMostIterations = 500;
constexpr int kMostIdle = 3;       ///< iterations in a row without a gain
constexpr size_t kLookedBack = 3;  ///< iterations over which the last progress is measured
/// Armijo's condition. For a convex function, Wolfe's curvature condition holds without a check.
constexpr double kSufficient = 1e-4;
constexpr double kLeastLength = 1e-6;
constexpr double kRounding = 1e-7;         ///< least rounding error of the objective in float32, relative
constexpr double kCurvatureFloor = 1e-3;   ///< relative to the mean over the classes
constexpr double kLeastCurvature = 1e-12;  ///< for a single class, which leaves nothing to decide
/// If the first penalty is below this part of the features' mean variance, the descent first runs with this larger
/// penalty. Far from the optimum, small penalties need many steps.
constexpr double kGentlePenalty = 0.01;
constexpr double kGentleTolerance = 1e-2;
/// Smaller probabilities become zero. They change nothing, but products with denormal numbers take many times as long.
constexpr double kLeastProbability = 1e-20;

}  // namespace

/// The descent along the principal axes, in float32 or double.
class Logistic::Descent {
  public:
    /// @param theta  [R + 1, K], weights along the axes and the biases, where the descent starts
    Descent(const Logistic& owner, const at::Tensor& theta, at::ScalarType type)
        : y_(owner.y_),
          weights_(owner.weights_),
          shares_(weights_.to(type)),
          rounding_(type == at::kFloat ? kRounding : 0) {
        const PrincipalAxes axes = owner.axes_.in(type);
        const at::Tensor z =
            owner.coordinates_.scalar_type() == type ? owner.coordinates_ : axes.coordinates(owner.x_.to(type));
        design_ = at::cat({z, at::ones({z.size(0), 1}, z.options())}, 1);
        variances_ = at::cat({axes.variances, at::ones({1}, z.options())}).unsqueeze(1);
        penalised_ = at::ones_like(variances_);
        penalised_.select(0, theta.size(0) - 1).zero_();  // the bias has no penalty
        const at::Tensor start = theta.to(type);
        at_ = evaluate(start, design_.matmul(start));
        add_gradient(at_);
    }

    /// Moves from the current point to the optimum of a penalty, using what it learned of the Hessian before.
    /// @return true if the optimum was reached within the tolerance
    bool run(double penalty, double tolerance) {
        if (penalty_ > 0) follow_path(penalty);
        memory_.add_to_hessian((penalty - penalty_) * penalised_);
        penalty_ = penalty;
        const at::Tensor penalties = penalty * penalised_;
        at::Tensor curvature = at_.curvature, gradient = full_gradient(at_);
        std::vector<double> values;
        int idle = 0;
        for (int iteration = 0; iteration < kMostIterations && idle < kMostIdle; ++iteration) {
            core::throw_if_interrupted();
            // After a step that is too long, p is nearly 0 or 1 and the guess nearly infinite. So the curvature falls
            // slowly, and that of no class falls far below the others.
            curvature = at_.curvature.maximum(curvature / 2);
            curvature = curvature.maximum(kCurvatureFloor * curvature.mean()).clamp_min_(kLeastCurvature);
            const at::Tensor guess = (variances_ * curvature + penalties).reciprocal_();
            const at::Tensor direction = memory_.inverse_times(gradient, guess).neg_();
            // For a parabola, the remaining decrease is half of g^T H^-1 g: with the first guess of H, and with what
            // was learned.
            const double slope = inner_product(gradient, direction);
            const double left = std::max(inner_product(gradient, gradient * guess), -slope);
            // Both can be far too small if the descent is slow; the last steps show that.
            const double value = value_of(at_);
            values.push_back(value);
            const double before = values[values.size() - 1 - std::min(values.size() - 1, kLookedBack)];
            if (left / 2 <= tolerance * value && before - value <= kLookedBack * tolerance * value) return true;
            Point next = search(direction, slope);
            if (!next.theta.defined()) return false;
            add_gradient(next);
            const at::Tensor next_gradient = full_gradient(next);
            memory_.add(next.theta - at_.theta, next_gradient - gradient);
            idle = value_of(next) < value ? 0 : idle + 1;
            at_ = std::move(next);
            gradient = next_gradient;
        }
        return false;
    }

    const at::Tensor& theta() const { return at_.theta; }

  private:
    struct Point {
        at::Tensor theta;      ///< [R + 1, K]
        at::Tensor logits;     ///< [N, K]
        double loss = 0;       ///< without the penalty
        double squares = 0;    ///< sum of squared weights; half a penalty is multiplied by it
        at::Tensor p;          ///< [N, K], probabilities
        at::Tensor gradient;   ///< [R + 1, K], of the loss
        at::Tensor curvature;  ///< [K], mean of p (1 - p)
    };

    Point evaluate(const at::Tensor& theta, const at::Tensor& logits) const {
        at::Tensor p = at::log_softmax(logits, 1);
        const double loss = -p.gather(1, y_).to(at::kDouble).mul(weights_).sum().item<double>();
        at::threshold_(p.exp_(), kLeastProbability, 0);
        return {theta, logits, loss, (theta.square() * penalised_).sum(at::kDouble).item<double>(), p, {}, {}};
    }

    double value_of(const Point& point) const { return point.loss + penalty_ * point.squares / 2; }

    at::Tensor full_gradient(const Point& point) const {
        return at::addcmul(point.gradient, point.theta, penalised_, penalty_);
    }

    /// Computes gradient and curvature. Overwrites and releases the probabilities.
    void add_gradient(Point& point) const {
        const at::Tensor share = shares_.squeeze(1);
        point.curvature = point.p.t().mv(share).sub_(point.p.square().t().mv(share));
        const at::Tensor error = point.p.scatter_add_(1, y_, at::full_like(shares_, -1)).mul_(shares_);
        point.gradient = design_.t().matmul(error);
        point.p.reset();
    }

    /// Moves along the line through the last two optima, in proportion to the logarithm of the penalty, if this lowers
    /// the objective.
    void follow_path(double penalty) {
        const Point optimum = at_;
        if (before_.theta.defined() && penalty != penalty_ && penalty_ != penalty_before_) {
            const double pace = std::log(penalty / penalty_) / std::log(penalty_ / penalty_before_);
            Point ahead = evaluate(at_.theta + (at_.theta - before_.theta) * pace,
                                   at_.logits + (at_.logits - before_.logits) * pace);
            if (ahead.loss + penalty * ahead.squares / 2 < at_.loss + penalty * at_.squares / 2) {
                add_gradient(ahead);
                at_ = std::move(ahead);
            }
        }
        before_ = optimum;
        penalty_before_ = penalty_;
    }

    /// Returns a point along the direction that is low enough, or an undefined point if rounding hides it.
    /// @param slope  of the objective along the direction
    Point search(const at::Tensor& direction, double slope) const {
        const at::Tensor change = design_.matmul(direction);  // of the logits; a shorter step needs no new product
        const double value = value_of(at_);
        for (double length = 1; length > kLeastLength;) {
            Point next = evaluate(at_.theta.add(direction, length), at_.logits.add(change, length));
            const double there = value_of(next);
            if (there <= value + kSufficient * length * slope + rounding_ * value) return next;
            // Go to the minimum of the parabola through the value and slope at the start and the value at the trial
            // point.
            const double parabola = -slope * length * length / (2 * (there - value - slope * length));
            length = std::clamp(parabola, 0.1 * length, 0.5 * length);
        }
        return {};
    }

    at::Tensor y_;          ///< [N, 1]
    at::Tensor weights_;    ///< [N, 1] double, with sum one
    at::Tensor shares_;     ///< the same in the dtype of the design
    at::Tensor design_;     ///< [N, R + 1], coordinates along the axes and a column of ones
    at::Tensor variances_;  ///< [R + 1, 1], of the design's columns, about zero
    at::Tensor penalised_;  ///< [R + 1, 1], one for each weight, zero for the bias
    double rounding_;       ///< relative rounding error of the objective
    LbfgsMemory memory_;
    Point at_;
    double penalty_ = 0;
    Point before_;  ///< the optimum before the last
    double penalty_before_ = 0;
};

Logistic::Logistic(const RotatedRows& rotated)
    : x_(rotated.rows.x),
      y_(rotated.rows.y.unsqueeze(1)),
      weights_((rotated.rows.w / rotated.rows.w.sum()).unsqueeze(1)),
      axes_(rotated.axes),
      coordinates_(rotated.coordinates()),
      classes_(rotated.rows.classes) {}

std::vector<LinearMap> Logistic::path(const std::vector<double>& penalties, double tolerance,
                                      const LinearMap* start) const {
    TORCH_CHECK(!penalties.empty() && *std::min_element(penalties.begin(), penalties.end()) > 0,
                "the penalties must be positive");
    const int64_t rank = axes_.variances.size(0);
    const at::Tensor zeros = at::zeros({rank + 1, classes_}, axes_.directions.options());
    Descent single(*this, start != nullptr ? along_axes(*start) : zeros, at::kFloat);
    const double gentle = kGentlePenalty * axes_.variances.sum().item<double>() / static_cast<double>(x_.size(1));
    if (start == nullptr && penalties.front() < gentle) single.run(gentle, kGentleTolerance);
    std::vector<LinearMap> maps;
    for (const double penalty : penalties) {
        if (single.run(penalty, tolerance)) {
            maps.push_back(along_features(single.theta()));
        } else {
            Descent exact(*this, single.theta(), at::kDouble);
            exact.run(penalty, tolerance);
            maps.push_back(along_features(exact.theta()));
        }
    }
    return maps;
}

LinearMap Logistic::along_features(const at::Tensor& theta) const {
    const int64_t rank = axes_.variances.size(0);
    const at::Tensor along = theta.to(axes_.directions.scalar_type());
    const at::Tensor weight = axes_.directions.matmul(along.narrow(0, 0, rank)).t().contiguous().to(at::kDouble);
    return {weight, along.select(0, rank).to(at::kDouble) - weight.matmul(axes_.mean.to(at::kDouble))};
}

at::Tensor Logistic::along_axes(const LinearMap& map) const {
    const auto type = axes_.directions.scalar_type();
    const at::Tensor weight = map.weight.to(type), bias = map.bias.to(type) + weight.mv(axes_.mean);
    return at::cat({weight.matmul(axes_.directions).t(), bias.unsqueeze(0)});
}

double Logistic::objective(const LinearMap& map, double penalty) const {
    const at::Tensor log_p = at::log_softmax(map.logits(x_), 1).gather(1, y_);
    return -(log_p * weights_).sum().item<double>() + penalty / 2 * map.weight.square().sum().item<double>();
}

}  // namespace kaziranga::training
