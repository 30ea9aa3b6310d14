#pragma once

#include <ATen/core/Tensor.h>

namespace kaziranga::data {

// Colour transforms with a fixed parameter. Each equals the function of torchvision.transforms.v2.functional on uint8
// tensors, within 1 of 255. Images are [H, W, 3] uint8, contiguous; results are new images of the same form. They are
// loops over bytes on the calling thread: LibTorch's operations would start a thread pool in every loader thread.

/// @param factor  0 gives black, 1 changes nothing
at::Tensor adjust_brightness(const at::Tensor& image, double factor);

/// @param factor  0 gives the mean grey, 1 changes nothing
at::Tensor adjust_contrast(const at::Tensor& image, double factor);

/// @param factor  0 gives grey values, 1 changes nothing
at::Tensor adjust_saturation(const at::Tensor& image, double factor);

/// @param turn  fraction of the colour circle, -0.5 to 0.5
at::Tensor adjust_hue(const at::Tensor& image, double turn);

/// @param factor  0 blurs with a 3 x 3 kernel, 1 changes nothing; the outermost pixels are not changed
at::Tensor adjust_sharpness(const at::Tensor& image, double factor);

/// @param bits  number of high bits of each byte that are kept, 0 to 8
at::Tensor posterize(const at::Tensor& image, int bits);

/// Inverts bytes of at least `threshold` (0 to 255).
at::Tensor solarize(const at::Tensor& image, double threshold);

/// Stretches each channel to the full range 0 to 255.
at::Tensor autocontrast(const at::Tensor& image);

/// Equalizes the histogram of each channel.
at::Tensor equalize(const at::Tensor& image);

}  // namespace kaziranga::data
