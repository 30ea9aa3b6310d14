#pragma once

#include "training/heads/linear_map.hpp"
#include "training/heads/rotated_rows.hpp"

#include <vector>

namespace kaziranga::training {

/// Multinomial logistic regression to its optimum: minimises
///   1/(sum w) sum_i w_i crossentropy(W x_i + b, y_i) + penalty/2 |W|^2
/// over W and b, the bias free. scikit-learn's C is 1 / (penalty sum w).
class Logistic {
  public:
    /// How far above its minimum, as a part of itself, the objective may end by the method's own estimate, which can be
    /// some times too small.
    static constexpr double kOptimum = 1e-8;

    explicit Logistic(const RotatedRows& rotated);

    /// L-BFGS (Nocedal 1980) along the principal axes of x, where the Hessian is nearly diagonal: each two-loop
    /// recursion starts from the inverse of (mean of p_k (1 - p_k)) variance_d + penalty. A small penalty is approached
    /// by way of a larger one. All is in float32 unless that stops short of the tolerance, then in double.
    /// @param penalty    > 0
    /// @param tolerance  as kOptimum
    /// @throws core::Interrupted between iterations
    LinearMap fit(double penalty, double tolerance = kOptimum) const { return path({penalty}, tolerance).front(); }

    /// A map for each penalty. Each descent starts from the optimum before it, where the line through the last two
    /// leads, and knows the Hessian that they met.
    /// @param start  where the first starts, such as the optimum of a larger penalty; null: at zero
    std::vector<LinearMap> path(const std::vector<double>& penalties, double tolerance = kOptimum,
                                const LinearMap* start = nullptr) const;

    /// What fit minimises, in double.
    double objective(const LinearMap& map, double penalty) const;

  private:
    class Descent;

    /// @param theta  [R + 1, K], weights along the axes and the biases
    LinearMap along_features(const at::Tensor& theta) const;

    /// The other way: what of the map lies along the axes.
    at::Tensor along_axes(const LinearMap& map) const;

    at::Tensor x_;        ///< [N, D] as given
    at::Tensor y_;        ///< [N, 1]
    at::Tensor weights_;  ///< [N, 1] double, of sum one
    PrincipalAxes axes_;
    at::Tensor coordinates_;  ///< [N, R], along the axes
    int64_t classes_;
};

}  // namespace kaziranga::training
