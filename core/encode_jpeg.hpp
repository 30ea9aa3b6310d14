#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace kaziranga::core {

/// Rows of blue, green and red bytes, as OpenCV keeps pictures; the pixels are the caller's.
struct Picture {
    const uint8_t* bgr;
    int width, height;  // pixels
    size_t row_bytes;   // from one row's first byte to the next one's
};

/// A baseline JPEG file, colours at half the resolution (4:2:0), as cv::imencode writes it by default.
/// @param quality  1 to 100, libjpeg's scale
/// @throws Error  the picture is empty or a side is above 65,500 pixels, or there is no memory for the file
std::string encode_jpeg(const Picture& picture, int quality);

}  // namespace kaziranga::core
