#pragma once

#include "core/preprocessing.hpp"
#include "core/random.hpp"
#include "data/box.hpp"

#include <cstdint>

#include <ATen/core/Tensor.h>

namespace kaziranga::data {

/// Resizes the short side with antialiasing and crops the centre: torchvision's Resize(antialias=True) + CenterCrop on
/// uint8, with the same rounding of sizes and offsets. An image smaller than the crop is padded with black.
/// @param image  [H, W, 3] uint8
/// @return       [3, crop, crop] uint8 in channels-last memory (strides 1, 3*crop, 3)
at::Tensor resize_and_centre_crop(const at::Tensor& image, const core::Preprocessing& preprocessing);

/// Draws the box of torchvision's RandomResizedCrop: `min_area` to 1 of the area, ratio of width to height 3/4 to 4/3.
/// After ten failed tries, returns the largest box with an allowed ratio in the middle.
Box draw_crop_box(int64_t height, int64_t width, double min_area, core::RandomStream& stream);

/// Draws a random box (draw_crop_box) and resizes it to the crop.
/// @param image  [H, W, 3] uint8
/// @return       [crop, crop, 3] uint8, contiguous, newly allocated
at::Tensor random_resized_crop(const at::Tensor& image, const core::Preprocessing& preprocessing, double min_area,
                               core::RandomStream& stream);

}  // namespace kaziranga::data
