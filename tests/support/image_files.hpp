#pragma once

#include <string>
#include <string_view>

#include <ATen/core/Tensor.h>

/// Image files in memory, for tests: written, and read back, by calls of libjpeg, libpng, libwebp, libtiff and libheif
/// that are as plain as they get and share nothing with data/. Images are [H, W, 3] uint8, RGB, as data::decode_image
/// gives them. libjpeg ends the test with its message when it fails.
namespace kaziranga::test {

struct JpegForm {
    bool progressive = false;
    unsigned restart_interval = 0;  ///< in blocks of 16 x 16 pixels; 0: none
    int columns_a_colour = 2;       ///< 1, 2 or 4 columns share a sample of colour
    int rows_a_colour = 2;          ///< 1, 2 or 4 rows
    bool grey = false;
};

/// Quality 95; by default with colours at half the resolution (4:2:0).
std::string encode_jpeg(const at::Tensor& image, const JpegForm& form = {});
/// @param image  also [H, W, 4] with alpha
std::string encode_png(const at::Tensor& image);
std::string encode_lossy_webp(const at::Tensor& image);
std::string encode_lossless_webp(const at::Tensor& image);
/// 24 bits a pixel, the last row first.
std::string encode_bmp(const at::Tensor& image);

struct TiffForm {
    bool tiled = false;    ///< tiles of 16 x 16 pixels, else strips of 8 rows
    bool deflate = false;  ///< compressed, else as it is
    bool planes = false;   ///< each colour apart
    bool big_endian = false;
    uint16_t orientation = 1;
};
/// @param image  also [H, W, 4] with an alpha that is not multiplied into the colours
std::string encode_tiff(const at::Tensor& image, const TiffForm& form = {});
std::string encode_heic(const at::Tensor& image);
std::string encode_avif(const at::Tensor& image);

/// @param reduced_by  1, 2, 4 or 8: sides are divided by it and rounded up
at::Tensor decode_jpeg(std::string_view file, unsigned reduced_by = 1);
at::Tensor decode_webp(std::string_view file);
at::Tensor decode_heif(std::string_view file);

}  // namespace kaziranga::test
