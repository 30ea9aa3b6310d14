#pragma once

#include "models/heads.hpp"
#include "training/heads/linear_map.hpp"

#include <ATen/core/Tensor.h>

namespace kaziranga::training {

/// Shift and scale that give each feature mean 0 and variance 1 over the training set; a constant feature becomes 0.
struct Standardisation {
    at::Tensor mean, scale;  ///< [D] float32; z = (x - mean) * scale

    /// @param rows  [N, D] float32     @param wanted  false: mean 0 and scale 1, which change nothing
    static Standardisation of(const at::Tensor& rows, bool wanted);

    at::Tensor apply(const at::Tensor& x) const { return (x - mean) * scale; }

    /// The map of raw features that equals `map` of standardised ones:
    /// W (x - mean) * scale + b  =  (W * scale) x + (b - (W * scale) mean).
    LinearMap fold(const LinearMap& map) const;

    /// The map that folds to `map`, without weight on constant features.
    LinearMap unfold(const LinearMap& map) const;
};

/// A linear head with these weights.
std::shared_ptr<models::Head> linear_head(const LinearMap& map);

}  // namespace kaziranga::training
