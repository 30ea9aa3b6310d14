#pragma once

#include <ATen/core/Tensor.h>

namespace kaziranga::training {

/// The linear function of a linear head: the score of class k is weight_k . x + bias_k.
struct LinearMap {
    at::Tensor weight;  ///< [K, D] double
    at::Tensor bias;    ///< [K] double

    /// @param x  [N, D] of any floating dtype, on the map's device
    /// @return [N, K] double
    at::Tensor logits(const at::Tensor& x) const { return x.to(at::kDouble).matmul(weight.t()) + bias; }
};

}  // namespace kaziranga::training
