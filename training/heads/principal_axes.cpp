#include "training/heads/principal_axes.hpp"

#include <ATen/ops/linalg_eigh.h>

namespace kaziranga::training {

PrincipalAxes principal_axes(const RowMoments& moments, at::ScalarType type) {
    const at::Tensor covariance = moments.scatter / moments.weight, mean = moments.mean.to(type);
    if (moments.basis.defined()) return {mean, moments.basis.to(type), covariance.diag().to(type)};
    const auto [values, vectors] = at::linalg_eigh(covariance.to(type));
    return {mean, vectors, values.clamp_min(0)};
}

}  // namespace kaziranga::training
