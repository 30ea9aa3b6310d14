#pragma once

#include "training/heads/linear_map.hpp"
#include "training/heads/principal_axes.hpp"
#include "training/heads/weighted_rows.hpp"

namespace kaziranga::training {

/// Multinomial logistic regression to its optimum: minimises
///   1/(sum w) sum_i w_i crossentropy(W x_i + b, y_i) + penalty/2 |W|^2
/// over W and b, the bias free. scikit-learn's C is 1 / (penalty sum w).
class Logistic {
  public:
    explicit Logistic(const WeightedRows& rows);

    /// L-BFGS (Nocedal 1980) along the principal axes of x, where the Hessian is nearly diagonal: each two-loop
    /// recursion starts from the inverse of (mean of p_k (1 - p_k)) variance_d + penalty. All is in float32
    /// until that makes no more progress, then in double.
    /// @param penalty  > 0
    /// @param start    where to start, such as the solution of a neighbouring penalty; null: zeros
    /// @throws core::Interrupted between iterations
    LinearMap fit(double penalty, const LinearMap* start = nullptr) const;

    /// What fit minimises, in double.
    double objective(const LinearMap& map, double penalty) const;

  private:
    struct Point;
    Point evaluate(const at::Tensor& theta, const at::Tensor& penalties) const;

    at::Tensor x_;          ///< [N, D] as given
    at::Tensor y_;          ///< [N, 1]
    at::Tensor weights_;    ///< [N, 1] double, of sum one
    PrincipalAxes axes_;    ///< float32
    at::Tensor design_;     ///< [N, R + 1] float32, coordinates along the axes and a column of ones
    at::Tensor variances_;  ///< [R + 1, 1] float32, those of the design's columns, about zero
    int64_t classes_;
};

}  // namespace kaziranga::training
