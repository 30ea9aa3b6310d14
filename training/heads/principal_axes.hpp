#pragma once

#include "training/heads/row_moments.hpp"

#include <ATen/core/Tensor.h>

namespace kaziranga::training {

/// The eigenvectors of the weighted covariance of rows: a basis in which penalties and covariances are diagonal. The
/// basis spans the centred rows (of positive weight), so a fit to them with a penalty on its length lies inside it.
struct PrincipalAxes {
    at::Tensor mean;        ///< [D], the weighted mean
    at::Tensor directions;  ///< [D, R] orthonormal, R <= min(N, D)
    at::Tensor variances;   ///< [R] >= 0, the weighted mean square of the centred rows along each direction

    /// The same axes in another dtype.
    PrincipalAxes in(at::ScalarType type) const { return {mean.to(type), directions.to(type), variances.to(type)}; }

    /// Coordinates of x, [M, R]; x has the dtype of the axes.
    at::Tensor coordinates(const at::Tensor& x) const { return (x - mean).matmul(directions); }
};

/// Computes one symmetric eigendecomposition, unless the moments are already along their principal axes.
/// @param type  float32 or double, of the decomposition and of the axes
PrincipalAxes principal_axes(const RowMoments& moments, at::ScalarType type);

}  // namespace kaziranga::training
