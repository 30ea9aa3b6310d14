#pragma once

#include "training/heads/linear_map.hpp"
#include "training/heads/row_moments.hpp"

namespace kaziranga::training {

/// Linear discriminant analysis: classes are Gaussians around their means with one covariance S, the weighted mean of
/// (x - mean)(x - mean)^T over all rows; each is expected as often as its rows weigh.
class Lda {
  public:
    /// @param type  float32 or double, that maps are solved for in
    /// @throws c10::Error when a class has no row of positive weight
    explicit Lda(const RowMoments& moments, at::ScalarType type = at::kDouble);

    /// Log posterior but for a term common to all classes, under the covariance (1 - s) S + s trace(S)/D I.
    /// Where no class varies (single images), S is taken as spherical: every shrinkage gives the nearest mean, at the
    /// scale of the scatter between the means. May be called by several threads at once.
    /// @param shrinkage  s in (0, 1]
    LinearMap solve(double shrinkage) const;

    /// The shrinkage of Ledoit and Wolf 2004 ("A well-conditioned estimator for large-dimensional covariance matrices",
    /// lemmas 3.2 to 3.5: b^2/d^2, towards trace(S)/D I) of the rows less their class means. The number of rows is
    /// (sum w)^2 / sum w^2, which does not depend on the scale of the weights. 1 where no class varies.
    /// @param rows  that the moments are of
    /// @return in [0, 1]
    double analytic_shrinkage(const WeightedRows& rows) const;

  private:
    at::Tensor basis_;   ///< of the moments
    at::Tensor means_;   ///< [K, D] double
    at::Tensor priors_;  ///< [K] double, of sum one
    at::Tensor along_;   ///< [R, K], the means along the basis
    at::Tensor within_;  ///< S, [R, R], along the basis
    bool varies_;        ///< some class does
    double spherical_;   ///< trace(S)/D; where no class varies the mean squared length of the means
};

}  // namespace kaziranga::training
