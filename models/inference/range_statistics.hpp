#pragma once

#include "models/inference/quantised_conv.hpp"

/// Estimates the values in the steps of a network without an image. A batch norm gives the mean and the spread of each
/// channel after it, so a pass over the network's structure can propagate these instead of pixels. The values are
/// assumed to be normally distributed. Max pooling is ignored, although it raises the mean.
/// Source: Nagel et al. 2019 (arXiv:1906.04721), sections 4.2 and 5
namespace kaziranga::models {

/// Mean and variance of the values of each channel.
struct Moments {
    torch::Tensor mean;      ///< [channels] float64
    torch::Tensor variance;  ///< [channels] float64
};

/// The moments of normalised images.
Moments image_moments();

/// The moments of a batch norm's output.
/// @param mean       [channels], its bias
/// @param deviation  [channels], its scale, of either sign
Moments moments_of_norm(const torch::Tensor& mean, const torch::Tensor& deviation);

/// The moments of the sum of two independent values.
Moments sum_of(const Moments& a, const Moments& b);

/// The moments after an activation, for values that are normally distributed before it.
Moments activated(const Moments& before, Activation activation);

/// The statistics that a step in bytes needs.
struct StepRange {
    torch::Tensor input_mean;  ///< [in], means of the input values
    ByteScale output;          ///< covers the output values
};

/// The byte scale that covers the output of an activation.
ByteScale range_of(const Moments& before, Activation activation);

}  // namespace kaziranga::models
