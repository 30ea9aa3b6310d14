#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <string_view>

namespace kaziranga::data {

/// Decodes a JPEG, PNG, WebP or BMP in memory. Grey becomes three equal channels, alpha is dropped, 16 bit becomes 8
/// (the high byte), CMYK becomes RGB as Pillow converts it, EXIF rotation is applied.
/// @param bytes  a file that probe_image accepts; `where` its path, for the message
/// @return [H, W, 3] uint8, RGB, contiguous
/// @throws core::Error when probe_image refuses it or the decoder fails
at::Tensor decode_image(std::string_view bytes, const std::filesystem::path& where, int64_t max_pixels);

}  // namespace kaziranga::data
