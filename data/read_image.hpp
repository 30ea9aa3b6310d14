#pragma once

#include "core/hash.hpp"
#include "core/preprocessing.hpp"
#include "data/dataset.hpp"
#include "data/formats/decode.hpp"

#include <ATen/core/Tensor.h>

namespace kaziranga::data {

/// The limits of decoding for a network's preprocessing.
DecodeLimits limits_for(const core::Preprocessing& preprocessing, int64_t max_pixels);

/// Returns the image of a sample: decodes its file, or gets it from its source. If the sample has a box, returns the
/// area around it.
/// @return [H, W, 3] uint8, RGB, contiguous
/// @param content  content hash of the sample when it was inspected (data::inspect); null: not known
/// @throws core::Error when the file cannot be read, is not a valid image, or has changed since the inspection
at::Tensor read_image(const Sample& sample, const DecodeLimits& limits, const core::Hash128* content = nullptr);

/// Returns the content hash of a sample: that of its image, or of the image and its box.
/// @param image  hash of the bytes of its file
core::Hash128 content_hash(const Sample& sample, const core::Hash128& image);
/// The same for a sample whose image comes from its source.
core::Hash128 content_hash(const Sample& sample);

}  // namespace kaziranga::data
