#pragma once

#include "training/heads/standardisation.hpp"
#include "training/heads/weighted_rows.hpp"

#include <vector>

#include <ATen/core/Tensor.h>

namespace kaziranga::training {

/// The sums over weighted rows that ridge regression and discriminant analysis need, all in double. If there are not
/// more rows than columns, the sums are along an orthonormal basis of the span of the rows, with R directions.
/// Otherwise R is D and the basis is that of the features.
struct RowMoments {
    double weight = 0;         ///< sum of w, positive
    at::Tensor mean;           ///< [D], weighted
    at::Tensor scatter;        ///< [R, R], sum of w (x - mean)(x - mean)^T along the basis
    at::Tensor class_weights;  ///< [K], sum of each class's w
    at::Tensor class_sums;     ///< [K, R], sum of each class's w (x - mean) along the basis
    at::Tensor basis = {};     ///< [D, R]; undefined: that of the features

    /// N > D: computes one matrix product. Otherwise computes one eigendecomposition of the N x N kernel. Its
    /// directions are the basis, so the scatter is diagonal.
    static RowMoments of(const WeightedRows& rows);

    /// Computes the moments along the features for any number of rows. Only such moments can be joined and
    /// standardised.
    static RowMoments of_features(const WeightedRows& rows);

    /// True if `of` computes along the features for so many rows.
    static bool along_features(int64_t rows, int64_t columns) { return rows > columns; }

    /// Returns what `of` returns for the rows of all parts, within rounding. Large values in one part do not cost
    /// digits in the others (Chan, Golub and LeVeque 1983, "Algorithms for computing the sample variance", eq. 2.1, for
    /// any number of parts).
    /// @param parts  at least one, with the same classes, along the features
    static RowMoments joined(const std::vector<const RowMoments*>& parts);

    /// The moments of z = (x - mean) * scale; these moments must be along the features.
    RowMoments standardised(const Standardisation& by) const;

    int64_t columns() const { return mean.size(0); }

    /// [K, D], the weighted mean of each class's rows.
    /// @throws c10::Error when a class has no row of positive weight
    at::Tensor class_means() const;
};

/// Solves (matrix + shift I) X = right by Cholesky factors. If rounding makes the sum indefinite, solves by its
/// eigenvectors in double, with no value below the shift.
/// @param matrix  [R, R] float32 or double, symmetric, positive semidefinite within rounding; is overwritten
/// @param shift   > 0     @param right  [R, K] of any floating dtype
/// @return [R, K] in the dtype of the matrix
at::Tensor solve_shifted(at::Tensor matrix, double shift, const at::Tensor& right);

}  // namespace kaziranga::training
