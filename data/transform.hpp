#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

#include "core/preprocessing.hpp"
#include "core/random.hpp"

namespace kaziranga::data {

/// Short side resized with antialiasing, centre cut out: torchvision's Resize(antialias=True) + CenterCrop on uint8,
/// with its rounding of sizes and offsets (an image smaller than the crop is padded with black, as there).
/// @param image  [H, W, 3] uint8
/// @return       [3, crop, crop] uint8 in channels-last memory (strides 1, 3*crop, 3)
at::Tensor resize_and_centre_crop(const at::Tensor& image, const core::Preprocessing& preprocessing);

/// A random box of `min_area` to 1 of the area and aspect ratio 3/4 to 4/3, resized to the crop, flipped left-right
/// half the time: torchvision's RandomResizedCrop (ten tries, then the central fallback) and RandomHorizontalFlip.
/// @param image  [H, W, 3] uint8
/// @return       [3, crop, crop] uint8 in channels-last memory
at::Tensor random_resized_crop(const at::Tensor& image, const core::Preprocessing& preprocessing, double min_area,
                               core::RandomStream stream);

}  // namespace kaziranga::data
