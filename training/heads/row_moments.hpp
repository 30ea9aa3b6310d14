#pragma once

#include "training/heads/standardisation.hpp"
#include "training/heads/weighted_rows.hpp"

#include <vector>

#include <ATen/core/Tensor.h>

namespace kaziranga::training {

/// What ridge regression and discriminant analysis are functions of: sums over weighted rows, all in double. Rows that
/// are fewer than their columns are told along an orthonormal basis of what they span, R numbers each; of others R is D
/// and the basis that of the features.
struct RowMoments {
    double weight = 0;         ///< sum of w, positive
    at::Tensor mean;           ///< [D], weighted
    at::Tensor scatter;        ///< [R, R], sum of w (x - mean)(x - mean)^T along the basis
    at::Tensor class_weights;  ///< [K], sum of each class's w
    at::Tensor class_sums;     ///< [K, R], sum of each class's w (x - mean) along the basis
    at::Tensor basis = {};     ///< [D, R]; undefined: the features'

    /// N > D: one product of matrices; else one eigendecomposition of the N x N kernel, whose directions are the basis,
    /// so that the scatter is diagonal.
    static RowMoments of(const WeightedRows& rows);

    /// Along the features, of however many rows: such as can be joined and standardised.
    static RowMoments of_features(const WeightedRows& rows);

    /// Whether `of` so many rows is along the features.
    static bool along_features(int64_t rows, int64_t columns) { return rows > columns; }

    /// What `of` gives for the rows of all parts, within rounding: nothing that is large in one alone takes digits from
    /// the others (Chan, Golub and LeVeque 1983, "Algorithms for computing the sample variance", eq. 2.1, of any
    /// number).
    /// @param parts  one at least, of the same classes, along the features
    static RowMoments joined(const std::vector<const RowMoments*>& parts);

    /// The moments of z = (x - mean) * scale. Along the features.
    RowMoments standardised(const Standardisation& by) const;

    int64_t columns() const { return mean.size(0); }

    /// [K, D], the weighted mean of each class's rows.
    /// @throws c10::Error when a class has no row of positive weight
    at::Tensor class_means() const;
};

/// X of (matrix + shift I) X = right, by Cholesky's factors; where rounding makes the sum indefinite, by its
/// eigenvectors in double, with no value below the shift.
/// @param matrix  [R, R] float32 or double, symmetric, positive semidefinite within rounding; is overwritten
/// @param shift   > 0     @param right  [R, K] of any floating dtype
/// @return [R, K] in the dtype of the matrix
at::Tensor solve_shifted(at::Tensor matrix, double shift, const at::Tensor& right);

}  // namespace kaziranga::training
