#pragma once

#include "training/heads/linear_map.hpp"
#include "training/heads/rotated_rows.hpp"

namespace kaziranga::training {

/// Linear discriminant analysis: classes are Gaussians around their means with one covariance S, the weighted mean of
/// (x - mean)(x - mean)^T over all rows; each is expected as often as its rows weigh. All shrinkages come from the
/// eigendecomposition of the rows' total covariance T = V diag(v) V^T: S = T - B^T B with a row of B for each class, so
/// that (1 - s) S + s trace(S)/D I is a diagonal less a matrix of rank K along the axes (Woodbury's identity; Golub and
/// Van Loan 2013, section 2.1.4).
class Lda {
  public:
    /// @throws c10::Error when a class has no row of positive weight
    explicit Lda(const RotatedRows& rotated);

    /// Log posterior but for a term common to all classes, under the covariance (1 - s) S + s trace(S)/D I.
    /// Where no class varies (single images), S is taken as spherical: every shrinkage gives the nearest mean, at the
    /// scale of the scatter between the means.
    /// @param shrinkage  s in (0, 1]
    LinearMap solve(double shrinkage) const;

    /// The shrinkage of Ledoit and Wolf 2004 ("A well-conditioned estimator for large-dimensional covariance matrices",
    /// lemmas 3.2 to 3.5: b^2/d^2, towards trace(S)/D I) of the rows less their class means. The number of rows is
    /// (sum w)^2 / sum w^2, which does not depend on the scale of the weights. 1 where no class varies.
    /// @return in [0, 1]
    double analytic_shrinkage() const { return analytic_shrinkage_; }

  private:
    at::Tensor means_;          ///< [K, D] double
    at::Tensor class_weights_;  ///< [K] double, of sum one
    at::Tensor directions_;     ///< [D, R] of the total covariance, in the precision of the axes
    at::Tensor variances_;      ///< [R] double, along them
    at::Tensor along_;          ///< [K, R] double, coordinates of the means, those of the origin being zero
    at::Tensor between_;        ///< B, [K, R] double: means less the mean of all, times the root of the class's weight
    bool varies_ = true;        ///< some class does
    double spherical_;          ///< trace(S)/D
    double analytic_shrinkage_ = 1;
};

}  // namespace kaziranga::training
