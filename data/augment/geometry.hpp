#pragma once

#include <cstdint>

#include <ATen/core/Tensor.h>

namespace kaziranga::data {

// Geometric transforms with a fixed parameter. Images are [H, W, 3] uint8, contiguous; results have the same size and
// form. Shears, translations and rotations are those of torchvision's TrivialAugmentWide and RandAugment with bilinear
// interpolation and no fill colour, within 2 of 255: pixels from outside the image are black. Loops over bytes on the
// calling thread.

/// Swaps left and right in place.
void flip_left_right(at::Tensor& image);

/// Swaps top and bottom in place.
void flip_top_bottom(at::Tensor& image);

/// Shifts each row to the left by `slope` times its distance from the top edge of the image, which does not move.
at::Tensor shear_x(const at::Tensor& image, double slope);

/// Shifts each column upwards by `slope` times its distance from the left edge of the image, which does not move.
at::Tensor shear_y(const at::Tensor& image, double slope);

/// Shifts to the right, or to the left if negative.
at::Tensor translate_x(const at::Tensor& image, int64_t pixels);

/// Shifts downwards, or upwards if negative.
at::Tensor translate_y(const at::Tensor& image, int64_t pixels);

/// Rotates counterclockwise about the centre.
at::Tensor rotate(const at::Tensor& image, double degrees);

}  // namespace kaziranga::data
