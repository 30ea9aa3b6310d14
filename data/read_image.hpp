#pragma once

#include "core/hash.hpp"
#include "data/dataset.hpp"
#include "data/formats/decode.hpp"

#include <ATen/core/Tensor.h>

namespace kaziranga::data {

/// Returns the image of a sample: decodes its file, or gets it from its source.
/// @return [H, W, 3] uint8, RGB, contiguous
/// @param content  content hash of the file when it was inspected (data::inspect); null: not known
/// @throws core::Error when the file cannot be read, is not a valid image, or has changed since the inspection
at::Tensor read_image(const Sample& sample, const DecodeLimits& limits, const core::Hash128* content = nullptr);

}  // namespace kaziranga::data
