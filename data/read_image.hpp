#pragma once

#include <ATen/core/Tensor.h>

#include "data/dataset.hpp"
#include "data/decode.hpp"

namespace kaziranga::data {

/// The image of a sample: its file decoded, or the picture drawn.
/// @return [H, W, 3] uint8, RGB, contiguous
/// @throws core::Error when the file cannot be read or is no sound image
at::Tensor read_image(const Sample& sample, const DecodeLimits& limits);

}  // namespace kaziranga::data
