#pragma once

#include "training/heads/linear_map.hpp"
#include "training/heads/rotated_rows.hpp"
#include "training/heads/row_moments.hpp"

#include <array>
#include <memory>

namespace kaziranga::training {

/// Penalties worth trying; they suit features of any scale and any number of rows.
inline constexpr std::array<double, 9> kRidgePenalties = {1e-4, 1e-3, 1e-2, 3e-2, 1e-1, 3e-1, 1, 10, 100};

/// Least squares on one-hot targets (Hoerl and Kennard 1970); the intercept has no penalty. Minimises
/// sum_i w_i |W x_i + b - onehot_i|^2 + penalty s |W|^2 with s = (sum_i w_i) times the mean over the features of their
/// weighted variance (s = sum_i w_i if all features are constant). So the penalty depends neither on the scale of the
/// features nor on how often all rows are repeated.
/// @param penalty  > 0     @param type  float32 or double, of the computation
LinearMap solve_ridge(const RowMoments& moments, double penalty, at::ScalarType type = at::kDouble);

/// Leave-one-out scores of ridge regression: the scores of each row if solve_ridge were fitted without the rows of its
/// image and with the same s. One eigendecomposition serves any number of penalties; all is computed in its precision.
class RidgeLeaveOut {
  public:
    /// @param group_size  the number of consecutive rows that show one image; divides N
    RidgeLeaveOut(const RotatedRows& rotated, int64_t group_size);

    /// Exact, by the block form of the leave-one-out formula (Cook and Weisberg 1982, section 2.2). If images are
    /// fitted so closely that float32 cannot resolve the rest (fewer images than features, a small penalty), computes
    /// in double.
    /// @param penalty  > 0. At least two images must have positive weight.
    /// @return [N, K] in the precision of the axes
    at::Tensor scores(double penalty) const;

  private:
    const RidgeLeaveOut& in_double() const;

    RotatedRows rotated_;
    mutable std::shared_ptr<const RidgeLeaveOut> in_double_;  ///< made at its first use
    int64_t group_size_;
    double scale_;            ///< mean variance of a feature
    at::Tensor weights_;      ///< [N], with sum one
    at::Tensor targets_;      ///< [N, K]
    at::Tensor mean_target_;  ///< [K]
    at::Tensor moments_;      ///< [R, K], weighted mean of coordinate times target
};

}  // namespace kaziranga::training
