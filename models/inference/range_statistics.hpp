#pragma once

#include "models/inference/quantised_conv.hpp"

/// Which values the steps of a network will meet, without an image: a batch norm says the mean and the spread of each
/// channel after it, so that a pass over the network's structure can carry those instead of pixels, taken as those of
/// normal distributions. A maximum over places leaves them as they are, though its mean is higher.
/// Source: Nagel et al. 2019 (arXiv:1906.04721), sections 4.2 and 5
namespace kaziranga::models {

/// Of the values of each channel.
struct Moments {
    torch::Tensor mean;      ///< [channels] float64
    torch::Tensor variance;  ///< [channels] float64
};

/// Of normalised images.
Moments image_moments();

/// What comes out of a batch norm.
/// @param mean       [channels], its bias
/// @param deviation  [channels], its factor, of either sign
Moments moments_of_norm(const torch::Tensor& mean, const torch::Tensor& deviation);

/// Of the sum of two that are independent.
Moments sum_of(const Moments& a, const Moments& b);

/// After an activation, of values that are normal before it.
Moments activated(const Moments& before, Activation activation);

/// What bytes a step needs.
struct StepRange {
    torch::Tensor input_mean;  ///< [in], of the values that come
    ByteScale output;          ///< holds the values that go out
};

/// The bytes that hold what goes out of an activation.
ByteScale range_of(const Moments& before, Activation activation);

}  // namespace kaziranga::models
