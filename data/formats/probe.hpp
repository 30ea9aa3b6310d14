#pragma once

#include "data/formats/format.hpp"

#include <cstdint>
#include <filesystem>
#include <string_view>

namespace kaziranga::data {

/// What an image file's own structure says, without decoding a pixel.
struct ImageProbe {
    const formats::ImageFormat& format;
    formats::Structure structure;
};

/// Recognises the format and walks the structure of a file in memory: JPEG markers up to the end-of-image, PNG chunks
/// with their checksums up to IEND, the RIFF length of WebP, the size field of BMP.
/// @param where  the path, for the message
/// @throws core::Error when it is empty, no image of these formats (said with what it is, where that is plain),
///         truncated, damaged, or has more than max_pixels pixels
ImageProbe probe_image(std::string_view bytes, const std::filesystem::path& where, int64_t max_pixels);

/// No file of an image that may pass is longer: eight bytes a pixel (16-bit RGBA, not compressed at all) and generous
/// metadata.
uint64_t longest_image_file(int64_t max_pixels);

}  // namespace kaziranga::data
