#pragma once

#include <ATen/core/Tensor.h>

namespace kaziranga::training {

/// The eigenvectors of the weighted covariance of rows: a basis in which penalties and covariances are diagonal. It
/// spans the centred rows (of positive weight), so nothing that is fitted to them with a penalty on its length lies
/// outside it.
struct PrincipalAxes {
    at::Tensor mean;        ///< [D], the weighted mean
    at::Tensor directions;  ///< [D, R] orthonormal, R <= min(N, D)
    at::Tensor variances;   ///< [R] >= 0, the weighted mean square of the centred rows along each direction

    /// [M, R], x of the dtype of the axes.
    at::Tensor coordinates(const at::Tensor& x) const { return (x - mean).matmul(directions); }
};

/// One symmetric eigendecomposition: of the D x D covariance when N > D, of the N x N kernel otherwise. The covariance
/// is decomposed in the dtype of x, the kernel in double, for its directions are divided by the roots of its values.
/// @param x  [N, D] float32 or double; the axes have its dtype
/// @param w  [N] double, >= 0, not all zero
PrincipalAxes principal_axes(const at::Tensor& x, const at::Tensor& w);

}  // namespace kaziranga::training
