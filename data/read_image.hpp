#pragma once

#include "core/hash.hpp"
#include "data/dataset.hpp"
#include "data/formats/decode.hpp"

#include <ATen/core/Tensor.h>

namespace kaziranga::data {

/// The image of a sample: its file decoded, or the picture drawn.
/// @return [H, W, 3] uint8, RGB, contiguous
/// @param content  what its file held when it was looked at (data::inspect), where that is known
/// @throws core::Error when the file cannot be read, is no sound image, or has become another since
at::Tensor read_image(const Sample& sample, const DecodeLimits& limits, const core::Hash128* content = nullptr);

}  // namespace kaziranga::data
