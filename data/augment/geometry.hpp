#pragma once

#include <cstdint>

#include <ATen/core/Tensor.h>

namespace kaziranga::data {

// Moves of pixels with a fixed parameter. Images are [H, W, 3] uint8, contiguous; results have their size and form.
// Shears, shifts and turns are those of torchvision's TrivialAugmentWide and RandAugment with bilinear interpolation
// and no fill colour, within 2 of 255: what comes from outside the image is black. Loops over bytes on the calling
// thread.

/// Swaps left and right in place.
void flip_left_right(at::Tensor& image);

/// Swaps top and bottom in place.
void flip_top_bottom(at::Tensor& image);

/// Each row to the left by `slope` times its distance from the top edge of the image, which stays.
at::Tensor shear_x(const at::Tensor& image, double slope);

/// Each column upwards by `slope` times its distance from the left edge of the image, which stays.
at::Tensor shear_y(const at::Tensor& image, double slope);

/// To the right, or to the left if negative.
at::Tensor translate_x(const at::Tensor& image, int64_t pixels);

/// Downwards, or upwards if negative.
at::Tensor translate_y(const at::Tensor& image, int64_t pixels);

/// Counterclockwise about the centre.
at::Tensor rotate(const at::Tensor& image, double degrees);

}  // namespace kaziranga::data
