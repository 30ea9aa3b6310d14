#pragma once

#include "training/heads/linear_map.hpp"
#include "training/heads/principal_axes.hpp"
#include "training/heads/weighted_rows.hpp"

namespace kaziranga::training {

/// How often each class is expected: as often as its rows weigh, or all alike.
enum class Priors { kFrequency, kUniform };

/// Linear discriminant analysis: classes are Gaussians around their means with one covariance S, the weighted mean of
/// (x - mean)(x - mean)^T over all rows. All shrinkages come from one eigendecomposition.
class Lda {
  public:
    /// @throws c10::Error when a class has no row of positive weight
    explicit Lda(const WeightedRows& rows);

    /// Log posterior but for a term common to all classes, under the covariance (1 - s) S + s trace(S)/D I.
    /// Where no class varies (single images), S is taken as spherical: every shrinkage gives the nearest mean, at the
    /// scale of the scatter between the means.
    /// @param shrinkage  s in (0, 1]
    LinearMap solve(double shrinkage, Priors priors = Priors::kFrequency) const;

    /// The shrinkage of Ledoit and Wolf 2004 ("A well-conditioned estimator for large-dimensional covariance matrices",
    /// lemmas 3.2 to 3.5: b^2/d^2, towards trace(S)/D I) of the rows less their class means. The number of rows is
    /// (sum w)^2 / sum w^2, which does not depend on the scale of the weights. 1 where no class varies.
    /// @return in [0, 1]
    double analytic_shrinkage() const { return analytic_shrinkage_; }

  private:
    at::Tensor means_;          ///< [K, D]
    at::Tensor class_weights_;  ///< [K], of sum one
    PrincipalAxes axes_;        ///< of the rows less their class means
    double spherical_;          ///< trace(S)/D
    double analytic_shrinkage_ = 1;
};

}  // namespace kaziranga::training
