#pragma once

#include "models/blocks.hpp"

#include <cstdint>
#include <functional>
#include <vector>

namespace kaziranga::studies {

/// The influence of each pixel on one position of a feature map.
/// Source: Luo et al. 2016, "Understanding the Effective Receptive Field in Deep Convolutional Neural Networks"
/// (arXiv:1701.04128)
struct EffectiveField {
    at::Tensor map;             ///< [H, W] float64, mean over images of |d(position)/d(pixel)|, with sum 1
    std::vector<double> radii;  ///< of each image, pixels: standard deviation of a pixel's position along one axis
};

/// Maps images to a feature map, [N, C, H, W] to [N, C', H', W'].
using FeatureMap = std::function<at::Tensor(const at::Tensor&)>;

/// The gradient of the middle position of the map, summed over its channels, with respect to each value of its image.
/// @return  of the images' shape
at::Tensor gradient_of_middle(const FeatureMap& features, const at::Tensor& images);

/// @param images   [N, C, H, W] floating point
/// @param at_once  images per pass, limited by memory
EffectiveField effective_field(const FeatureMap& features, const at::Tensor& images, int64_t at_once);

/// A small classifier of drawn animals: a stack of 3×3 convolutions, the mean over all positions, and a linear layer.
struct FieldTraining {
    int64_t layers = 8;
    int64_t width = 16;
    int64_t species = 20;
    int64_t images = 40;  ///< per species
    int64_t size = 32;    ///< pixels
    int64_t epochs = 24;
};

struct TrainedField {
    EffectiveField before, after;
    double top1 = 0;  ///< of the trained classifier, percent of held-out images
};

/// Trains a classifier, and measures its effective field on held-out images before and after.
TrainedField train_field(const FieldTraining& options, int64_t seed, uint64_t repeat);

}  // namespace kaziranga::studies
