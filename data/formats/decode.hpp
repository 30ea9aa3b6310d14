#pragma once

#include "core/preprocessing.hpp"
#include "data/formats/region.hpp"

#include <cstdint>
#include <filesystem>
#include <string_view>

#include <ATen/core/Tensor.h>

namespace kaziranga::data {

/// Limits for decode_image().
struct DecodeLimits {
    int64_t max_pixels = 0;  ///< maximum of a file, checked before decoding
    /// Minimum short side after reduced decoding, pixels: a JPEG may be decoded at 1/2, 1/4 or 1/8 of its size (with
    /// fewer terms of its cosine transform) if the result is not smaller. 0: never reduce.
    int64_t short_side = 0;
    core::BoxCrop crop = {};  ///< the area around a box
};

/// Decodes an image file in memory. Grey becomes three equal channels, alpha is dropped, 16 bit becomes 8
/// (the high byte), CMYK becomes RGB like in Pillow, EXIF rotation is applied.
/// @param bytes  a file that probe_image accepts; `where` its path, for the message
/// @param box    only the area around it is returned (region_of); of a JPEG, little else is decoded. Null: the image
/// @return [H, W, 3] uint8, RGB, contiguous; for a reduced JPEG the stored sides divided by 2, 4 or 8, rounded up
/// @throws core::Error when probe_image refuses it or the decoder fails
at::Tensor decode_image(std::string_view bytes, const std::filesystem::path& where, const DecodeLimits& limits,
                        const RelativeBox* box = nullptr);

/// Returns a part of an image.
/// @param image  [H, W, 3] uint8     @return [region.height, region.width, 3], contiguous
at::Tensor cut(const at::Tensor& image, const Box& region);

}  // namespace kaziranga::data
