#pragma once

#include "training/heads/linear_map.hpp"
#include "training/heads/rotated_rows.hpp"

namespace kaziranga::training {

/// Multinomial logistic regression to its optimum: minimises
///   1/(sum w) sum_i w_i crossentropy(W x_i + b, y_i) + penalty/2 |W|^2
/// over W and b, the bias free. scikit-learn's C is 1 / (penalty sum w).
class Logistic {
  public:
    /// How far above its minimum, as a part of itself, the objective may end by its own estimate.
    static constexpr double kOptimum = 1e-8;

    explicit Logistic(const RotatedRows& rotated);

    /// Newton's method, each step by conjugate gradients (Nocedal and Wright 2006, algorithm 7.1: "line search
    /// Newton-CG") along the principal axes of x, where the Hessian is nearly diagonal: they are preconditioned by
    /// (mean of p_k (1 - p_k)) variance_d + penalty. In float32, the loss summed in double.
    /// @param penalty    > 0
    /// @param start      where to start, such as the solution of a neighbouring penalty; null: zeros
    /// @param tolerance  as kOptimum
    /// @throws core::Interrupted between iterations
    LinearMap fit(double penalty, const LinearMap* start = nullptr, double tolerance = kOptimum) const;

    /// What fit minimises, in double.
    double objective(const LinearMap& map, double penalty) const;

  private:
    struct Point;
    struct Step;
    Point evaluate(const at::Tensor& theta, const at::Tensor& logits, const at::Tensor& penalties) const;
    Step newton_step(const Point& at, const at::Tensor& penalties, const at::Tensor& guess, double accuracy) const;

    at::Tensor x_;          ///< [N, D] as given
    at::Tensor y_;          ///< [N, 1]
    at::Tensor weights_;    ///< [N, 1] double, of sum one
    at::Tensor shares_;     ///< the same in float32
    PrincipalAxes axes_;
    at::Tensor design_;     ///< [N, R + 1] float32, coordinates along the axes and a column of ones
    at::Tensor variances_;  ///< [R + 1, 1] float32, those of the design's columns, about zero
    int64_t classes_;
};

}  // namespace kaziranga::training
