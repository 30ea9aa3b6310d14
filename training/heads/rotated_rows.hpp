#pragma once

#include "training/heads/principal_axes.hpp"
#include "training/heads/weighted_rows.hpp"

namespace kaziranga::training {

/// Rows along their principal axes: what ridge, discriminant analysis and logistic regression all start from, so that
/// one eigendecomposition serves them all.
struct RotatedRows {
    WeightedRows rows;
    PrincipalAxes axes;
    at::Tensor z;  ///< [N, R], coordinates along the axes

    /// @param precision  float32 or double, of the axes and of what is computed along them
    RotatedRows(const WeightedRows& given, at::ScalarType precision = at::kDouble)  // NOLINT: rows as they are
        : rows(given),
          axes(principal_axes(given.x.to(precision), given.w)),
          z(axes.coordinates(given.x.to(precision))) {}
};

}  // namespace kaziranga::training
