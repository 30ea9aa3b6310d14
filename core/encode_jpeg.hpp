#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace kaziranga::core {

/// An image as rows of blue, green and red bytes, the layout of OpenCV. The caller owns the pixels.
struct Picture {
    const uint8_t* bgr;
    int width, height;  // pixels
    size_t row_bytes;   // distance between the first bytes of two rows
};

/// Encodes a baseline JPEG file with 4:2:0 chroma subsampling, like cv::imencode by default.
/// @param quality  1 to 100, libjpeg's scale
/// @throws Error  when the picture is empty, a side is above 65,500 pixels, or there is no memory for the file
std::string encode_jpeg(const Picture& picture, int quality);

}  // namespace kaziranga::core
