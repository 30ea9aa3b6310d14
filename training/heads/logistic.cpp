#include "training/heads/logistic.hpp"

#include <ATen/ops/cat.h>
#include <ATen/ops/full_like.h>
#include <ATen/ops/log_softmax.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/threshold.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <vector>

#include "core/interrupt.hpp"
#include "training/heads/lbfgs_memory.hpp"

namespace kaziranga::training {
namespace {

constexpr int kMostIterations = 500;
constexpr int kMostIdle = 3;  ///< iterations in a row that gain nothing
constexpr size_t kLookedBack = 10;
/// Armijo's condition; of a convex function the curvature condition of Wolfe holds without asking.
constexpr double kSufficient = 1e-4;
constexpr double kLeastLength = 1e-6;
constexpr double kRounding = 1e-7;         ///< what float32 leaves uncertain of the objective at least, as a part of it
constexpr double kCurvatureFloor = 1e-3;   ///< of the mean over the classes
constexpr double kLeastCurvature = 1e-12;  ///< where a single class leaves nothing to decide
/// Without a start, a penalty below this part of the features' mean variance is approached from there: far from their
/// optimum small penalties make long ways.
constexpr double kGentlePenalty = 0.01;
constexpr double kGentleTolerance = 1e-2;
/// Of a probability. Smaller ones change nothing, but products with denormal numbers take many times as long.
constexpr double kLeastProbability = 1e-20;

}  // namespace

/// The descent along the principal axes, in float32 or double.
class Logistic::Descent {
  public:
    Descent(const Logistic& owner, at::ScalarType type)
        : y_(owner.y_),
          weights_(owner.weights_),
          shares_(weights_.to(type)),
          rounding_(type == at::kFloat ? kRounding : 0) {
        const PrincipalAxes axes = owner.axes_.in(type);
        const at::Tensor z =
            owner.coordinates_.scalar_type() == type ? owner.coordinates_ : axes.coordinates(owner.x_.to(type));
        design_ = at::cat({z, at::ones({z.size(0), 1}, z.options())}, 1);
        variances_ = at::cat({axes.variances, at::ones({1}, z.options())}).unsqueeze(1);
    }

    /// @param theta  [R + 1, K], where to start; becomes where it ends
    /// @return whether it came as near to the optimum as the tolerance asks
    bool run(at::Tensor& theta, double penalty, double tolerance) const {
        at::Tensor penalties = at::full_like(variances_, penalty);
        penalties.select(0, theta.size(0) - 1).zero_();  // the bias is free
        LbfgsMemory memory;
        theta = theta.to(design_.scalar_type());
        Point at = evaluate(theta, design_.matmul(theta), penalties);
        add_gradient(at, penalties);
        at::Tensor curvature = at.curvature;
        std::vector<double> values;
        int idle = 0;
        for (int iteration = 0; iteration < kMostIterations && idle < kMostIdle; ++iteration) {
            core::throw_if_interrupted();
            // A step that overshoots makes p look decided and the guess endless: the curvature sinks slowly, and no
            // class's falls far below the others'.
            curvature = at.curvature.maximum(curvature / 2);
            curvature = curvature.maximum(kCurvatureFloor * curvature.mean()).clamp_min_(kLeastCurvature);
            const at::Tensor guess = (variances_ * curvature + penalties).reciprocal_();
            const at::Tensor direction = memory.inverse_times(at.gradient, guess).neg_();
            // Half of g^T H^-1 g is what a parabola still has to fall: by the first guess of H and by what was learned.
            const double left =
                std::max(inner_product(at.gradient, at.gradient * guess), -inner_product(at.gradient, direction));
            // Both can be far too small where the descent is slow, which its last steps tell.
            values.push_back(at.value);
            const double before = values[values.size() - std::min(values.size(), kLookedBack)];
            if (left / 2 <= tolerance * at.value && before - at.value <= kLookedBack * tolerance * at.value) {
                theta = at.theta;
                return true;
            }
            Point next = search(at, direction, penalties);
            if (!next.theta.defined()) break;
            add_gradient(next, penalties);
            memory.add(next.theta - at.theta, next.gradient - at.gradient);
            idle = next.value < at.value ? 0 : idle + 1;
            at = std::move(next);
        }
        theta = at.theta;
        return false;
    }

  private:
    struct Point {
        at::Tensor theta;   ///< [R + 1, K]
        at::Tensor logits;  ///< [N, K]
        double value = 0;
        at::Tensor p;          ///< [N, K], probabilities
        at::Tensor gradient;   ///< [R + 1, K]
        at::Tensor curvature;  ///< [K], mean of p (1 - p)
    };

    Point evaluate(const at::Tensor& theta, const at::Tensor& logits, const at::Tensor& penalties) const {
        at::Tensor p = at::log_softmax(logits, 1);
        const double loss = -p.gather(1, y_).to(at::kDouble).mul(weights_).sum().item<double>();
        at::threshold_(p.exp_(), kLeastProbability, 0);
        return {theta, logits, loss + (theta.square() * penalties).sum(at::kDouble).item<double>() / 2, p, {}, {}};
    }

    /// Gradient and curvature; the probabilities are used up.
    void add_gradient(Point& point, const at::Tensor& penalties) const {
        const at::Tensor share = shares_.squeeze(1);
        point.curvature = point.p.t().mv(share).sub_(point.p.square().t().mv(share));
        const at::Tensor error = point.p.scatter_add_(1, y_, at::full_like(shares_, -1)).mul_(shares_);
        point.gradient = design_.t().matmul(error).addcmul_(point.theta, penalties.expand_as(point.theta));
        point.p.reset();
    }

    /// A point along the direction that is low enough; none where rounding hides it.
    Point search(const Point& at, const at::Tensor& direction, const at::Tensor& penalties) const {
        const at::Tensor change = design_.matmul(direction);  // of the logits: a shorter step costs no product
        const double slope = inner_product(at.gradient, direction);
        for (double length = 1; length > kLeastLength;) {
            Point next = evaluate(at.theta.add(direction, length), at.logits.add(change, length), penalties);
            if (next.value <= at.value + kSufficient * length * slope + rounding_ * at.value) return next;
            // To the minimum of the parabola through the value and slope here and the value there.
            const double parabola = -slope * length * length / (2 * (next.value - at.value - slope * length));
            length = std::clamp(parabola, 0.1 * length, 0.5 * length);
        }
        return {};
    }

    at::Tensor y_;          ///< [N, 1]
    at::Tensor weights_;    ///< [N, 1] double, of sum one
    at::Tensor shares_;     ///< the same in the type of the design
    at::Tensor design_;     ///< [N, R + 1], coordinates along the axes and a column of ones
    at::Tensor variances_;  ///< [R + 1, 1], those of the design's columns, about zero
    double rounding_;       ///< of the objective
};

Logistic::Logistic(const RotatedRows& rotated)
    : x_(rotated.rows.x),
      y_(rotated.rows.y.unsqueeze(1)),
      weights_((rotated.rows.w / rotated.rows.w.sum()).unsqueeze(1)),
      axes_(rotated.axes),
      coordinates_(rotated.coordinates()),
      classes_(rotated.rows.classes),
      single_(std::make_shared<Descent>(*this, at::kFloat)) {}

LinearMap Logistic::fit(double penalty, const LinearMap* start, double tolerance) const {
    TORCH_CHECK(penalty > 0, "the penalty must be positive");
    const int64_t rank = axes_.variances.size(0);
    const auto type = axes_.directions.scalar_type();
    at::Tensor theta = at::zeros({rank + 1, classes_}, axes_.directions.options());
    const double gentle = kGentlePenalty * axes_.variances.sum().item<double>() / static_cast<double>(x_.size(1));
    if (start) {
        theta.narrow(0, 0, rank).copy_(axes_.directions.t().matmul(start->weight.to(type).t()));
        theta.select(0, rank).copy_(start->logits(axes_.mean.unsqueeze(0)).squeeze(0));
    } else if (penalty < gentle) {
        single_->run(theta, gentle, kGentleTolerance);
    }
    if (!single_->run(theta, penalty, tolerance)) Descent(*this, at::kDouble).run(theta, penalty, tolerance);
    theta = theta.to(type);
    const at::Tensor weight = axes_.directions.matmul(theta.narrow(0, 0, rank)).t().contiguous().to(at::kDouble);
    return {weight, theta.select(0, rank).to(at::kDouble) - weight.matmul(axes_.mean.to(at::kDouble))};
}

double Logistic::objective(const LinearMap& map, double penalty) const {
    const at::Tensor log_p = at::log_softmax(map.logits(x_), 1).gather(1, y_);
    return -(log_p * weights_).sum().item<double>() + penalty / 2 * map.weight.square().sum().item<double>();
}

}  // namespace kaziranga::training
