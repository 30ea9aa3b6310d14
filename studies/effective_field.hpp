#pragma once

#include "models/blocks.hpp"

#include <cstdint>
#include <functional>
#include <vector>

namespace kaziranga::studies {

/// How much each pixel moves one place of a feature map.
/// Source: Luo et al. 2016, "Understanding the Effective Receptive Field in Deep Convolutional Neural Networks"
/// (arXiv:1701.04128)
struct EffectiveField {
    at::Tensor map;             ///< [H, W] float64, mean over images of |d(place)/d(pixel)|, its sum 1
    std::vector<double> radii;  ///< of each image, pixels: deviation of a pixel's distance along one axis
};

/// @param features  [N, 3, H, W] to a feature map [N, C, H', W']; the place in its middle is looked at, its channels
/// added
/// @param images    [N, 3, H, W] floating point
EffectiveField effective_field(const std::function<at::Tensor(const at::Tensor&)>& features, const at::Tensor& images);

/// A small classifier of drawn animals: a stack of 3×3 convolutions, the mean over all places, and a linear layer.
struct FieldTraining {
    int64_t layers = 8;
    int64_t width = 16;
    int64_t species = 20;
    int64_t images = 40;  ///< a species
    int64_t size = 32;    ///< pixels
    int64_t epochs = 24;
};

struct TrainedField {
    EffectiveField before, after;
    double top1_before = 0, top1_after = 0;  ///< percent, on held-out images
};

/// Trains one and measures its effective field on held-out images before and after.
TrainedField train_field(const FieldTraining& options, int64_t seed, uint64_t repeat);

}  // namespace kaziranga::studies
