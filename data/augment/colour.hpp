#pragma once

#include <ATen/core/Tensor.h>

namespace kaziranga::data {

// Changes of colour with a fixed parameter, each that of torchvision.transforms.v2.functional on uint8 tensors, within
// 1 of 255. Images are [H, W, 3] uint8, contiguous; results are new images of that form. They are loops over bytes on
// the calling thread: LibTorch's operations would start a team of threads in every loader thread.

/// @param factor  0 makes black, 1 changes nothing
at::Tensor adjust_brightness(const at::Tensor& image, double factor);

/// @param factor  0 makes the mean grey, 1 changes nothing
at::Tensor adjust_contrast(const at::Tensor& image, double factor);

/// @param factor  0 makes greys, 1 changes nothing
at::Tensor adjust_saturation(const at::Tensor& image, double factor);

/// @param turn  share of the colour circle, -0.5 to 0.5
at::Tensor adjust_hue(const at::Tensor& image, double turn);

/// @param factor  0 blurs with a 3 x 3 kernel, 1 changes nothing; the outermost pixels stay as they are
at::Tensor adjust_sharpness(const at::Tensor& image, double factor);

/// @param bits  the highest bits of each byte that stay, 0 to 8
at::Tensor posterize(const at::Tensor& image, int bits);

/// Turns bytes of at least `threshold` (0 to 255) into their negative.
at::Tensor solarize(const at::Tensor& image, double threshold);

/// Stretches each channel to the whole range from 0 to 255.
at::Tensor autocontrast(const at::Tensor& image);

/// Flattens the histogram of each channel.
at::Tensor equalize(const at::Tensor& image);

}  // namespace kaziranga::data
