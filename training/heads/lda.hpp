#pragma once

#include "training/heads/linear_map.hpp"
#include "training/heads/row_moments.hpp"

namespace kaziranga::training {

/// Whether the variation of images within a class is estimated from the rows.
enum class Variation { kEstimated, kUnknown };

/// Linear discriminant analysis. Classes are Gaussians around their means with one shared covariance S, the weighted
/// mean of (x - mean)(x - mean)^T over all rows. The prior of a class is its share of the weights.
class Lda {
  public:
    /// @param type      float32 or double, in which maps are solved for
    /// @param variation  kUnknown: as if no class varied
    /// @throws c10::Error when a class has no row of positive weight
    explicit Lda(const RowMoments& moments, at::ScalarType type = at::kDouble,
                 Variation variation = Variation::kEstimated);

    /// The log posterior, up to a term common to all classes, under the covariance (1 - s) S + s trace(S)/D I. If no
    /// class varies (single images), S is taken as spherical: every shrinkage gives the nearest mean, at the scale of
    /// the scatter between the means. Several threads may call this at once.
    /// @param shrinkage  s in (0, 1]
    LinearMap solve(double shrinkage) const;

    /// The shrinkage of Ledoit and Wolf 2004 ("A well-conditioned estimator for large-dimensional covariance matrices",
    /// lemmas 3.2 to 3.5: b^2/d^2, towards trace(S)/D I), for the rows minus their class means. The number of rows is
    /// taken as (sum w)^2 / sum w^2, which does not depend on the scale of the weights. Returns 1 if no class varies.
    /// @param rows  from which the moments were computed
    /// @return in [0, 1]
    double analytic_shrinkage(const WeightedRows& rows) const;

  private:
    at::Tensor basis_;   ///< basis of the moments
    at::Tensor means_;   ///< [K, D] double
    at::Tensor priors_;  ///< [K] double, with sum one
    at::Tensor along_;   ///< [R, K], the means along the basis
    at::Tensor within_;  ///< S, [R, R], along the basis
    bool varies_;        ///< true if some class varies
    double spherical_;   ///< trace(S)/D; if no class varies, the mean squared length of the means
};

}  // namespace kaziranga::training
