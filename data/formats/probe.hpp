#pragma once

#include "data/formats/format.hpp"

#include <cstdint>
#include <filesystem>
#include <string_view>

namespace kaziranga::data {

/// Format and structure of an image file, found without decoding pixels.
struct ImageProbe {
    const formats::ImageFormat& format;
    formats::Structure structure;
};

/// Detects the format and walks the structure of a file in memory: JPEG markers up to the end-of-image, PNG chunks
/// with their checksums up to IEND, the RIFF length of WebP, the size field of BMP.
/// @param where  the path, for the message
/// @throws core::Error when it is empty, not an image of these formats (the message names a known other format),
///         truncated, damaged, or has more than max_pixels pixels
ImageProbe probe_image(std::string_view bytes, const std::filesystem::path& where, int64_t max_pixels);

/// Returns the maximum size of an image file with max_pixels pixels, bytes: eight bytes per pixel (16-bit RGBA, not
/// compressed) plus generous metadata.
uint64_t longest_image_file(int64_t max_pixels);

}  // namespace kaziranga::data
