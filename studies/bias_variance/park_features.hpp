#pragma once

#include <cstdint>
#include <string>

#include <ATen/core/Tensor.h>

namespace kaziranga::studies {

struct ParkFeatureOptions {
    int64_t species = 20;
    int64_t pool = 200;  ///< images per species, for drawing training sets
    int64_t test = 15;   ///< images per species
    int64_t axes = 64;
    std::string weights = "pretrained";  ///< as model.weights of a training
};

/// Features of a made-up park from EfficientNet-Lite0, whitened along the pool's leading principal axes. Rows are
/// ordered by species, with the same number for each.
struct ParkFeatures {
    at::Tensor pool_x, test_x;  ///< [N, axes] float32
    at::Tensor pool_y, test_y;  ///< [N] int64
};

/// @throws core::Error when the weights are missing
ParkFeatures park_features(const ParkFeatureOptions& options, int64_t seed);

}  // namespace kaziranga::studies
