#pragma once

#include "core/preprocessing.hpp"
#include "core/random.hpp"
#include "data/box.hpp"

#include <cstdint>

#include <ATen/core/Tensor.h>

namespace kaziranga::data {

/// Short side resized with antialiasing, centre cut out: torchvision's Resize(antialias=True) + CenterCrop on uint8,
/// with its rounding of sizes and offsets (an image smaller than the crop is padded with black, as there).
/// @param image  [H, W, 3] uint8
/// @return       [3, crop, crop] uint8 in channels-last memory (strides 1, 3*crop, 3)
at::Tensor resize_and_centre_crop(const at::Tensor& image, const core::Preprocessing& preprocessing);

/// The box of torchvision's RandomResizedCrop: `min_area` to 1 of the area, width to height 3/4 to 4/3, ten tries and
/// then the largest such box in the middle.
Box draw_crop_box(int64_t height, int64_t width, double min_area, core::RandomStream& stream);

/// A random box (draw_crop_box), resized to the crop.
/// @param image  [H, W, 3] uint8
/// @return       [crop, crop, 3] uint8, contiguous, in memory of its own
at::Tensor random_resized_crop(const at::Tensor& image, const core::Preprocessing& preprocessing, double min_area,
                               core::RandomStream& stream);

}  // namespace kaziranga::data
