#pragma once

#include "training/heads/linear_map.hpp"
#include "training/heads/rotated_rows.hpp"

#include <vector>

namespace kaziranga::training {

/// Multinomial logistic regression, solved to its optimum. Minimises
///   1/(sum w) sum_i w_i crossentropy(W x_i + b, y_i) + penalty/2 |W|^2
/// over W and b; b has no penalty. scikit-learn's C is 1 / (penalty sum w).
class Logistic {
  public:
    /// Largest relative distance of the objective from its minimum at the end, as the method estimates it. The estimate
    /// can be several times too small.
    static constexpr double kOptimum = 1e-8;

    explicit Logistic(const RotatedRows& rotated);

    /// L-BFGS (Nocedal 1980) along the principal axes of x, where the Hessian is nearly diagonal. Each two-loop
    /// recursion starts from the inverse of (mean of p_k (1 - p_k)) variance_d + penalty. A small penalty is reached
    /// through a larger one. Computes in float32, and in double if float32 does not reach the tolerance.
    /// @param penalty    > 0
    /// @param tolerance  see kOptimum
    /// @throws core::Interrupted between iterations
    LinearMap fit(double penalty, double tolerance = kOptimum) const { return path({penalty}, tolerance).front(); }

    /// Returns a map for each penalty. Each descent starts from the optimum before it, moved along the line through the
    /// last two optima, and reuses their knowledge of the Hessian.
    /// @param start  where the first descent starts, such as the optimum of a larger penalty; null: at zero
    std::vector<LinearMap> path(const std::vector<double>& penalties, double tolerance = kOptimum,
                                const LinearMap* start = nullptr) const;

    /// The objective that fit minimises, in double.
    double objective(const LinearMap& map, double penalty) const;

  private:
    class Descent;

    /// @param theta  [R + 1, K], weights along the axes and the biases
    LinearMap along_features(const at::Tensor& theta) const;

    /// The inverse: the part of the map that lies along the axes.
    at::Tensor along_axes(const LinearMap& map) const;

    at::Tensor x_;        ///< [N, D]
    at::Tensor y_;        ///< [N, 1]
    at::Tensor weights_;  ///< [N, 1] double, with sum one
    PrincipalAxes axes_;
    at::Tensor coordinates_;  ///< [N, R], along the axes
    int64_t classes_;
};

}  // namespace kaziranga::training
