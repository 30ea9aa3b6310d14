#include "tests/support/image_files.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include <ATen/ops/empty.h>
#include <c10/util/Exception.h>
#include <jpeglib.h>
#include <png.h>
#include <webp/decode.h>
#include <webp/encode.h>

namespace kaziranga::test {
namespace {

void check_image(const at::Tensor& image, int64_t most_channels = 3) {
    TORCH_CHECK(image.dim() == 3 && image.scalar_type() == at::kByte && image.is_contiguous());
    TORCH_CHECK(image.size(2) >= 3 && image.size(2) <= most_channels);
}

int side(const at::Tensor& image, int64_t dimension) {
    return static_cast<int>(image.size(dimension));
}

std::string text_of(const unsigned char* bytes, size_t size) {
    return {reinterpret_cast<const char*>(bytes), size};
}

/// @param size, file  what an encoder of libwebp gave
std::string webp_of(size_t size, uint8_t* file) {
    const std::unique_ptr<uint8_t, decltype(&WebPFree)> owner(file, &WebPFree);
    TORCH_CHECK(size > 0, "libwebp encodes no such image");
    return text_of(file, size);
}

}  // namespace

std::string encode_jpeg(const at::Tensor& image, const JpegForm& form) {
    check_image(image);
    jpeg_compress_struct info{};
    jpeg_error_mgr errors{};
    info.err = jpeg_std_error(&errors);
    jpeg_create_compress(&info);
    unsigned char* file = nullptr;
    unsigned long size = 0;
    jpeg_mem_dest(&info, &file, &size);
    info.image_width = static_cast<JDIMENSION>(image.size(1));
    info.image_height = static_cast<JDIMENSION>(image.size(0));
    info.input_components = 3;
    info.in_color_space = JCS_RGB;
    jpeg_set_defaults(&info);
    jpeg_set_quality(&info, 95, TRUE);
    if (form.grey) jpeg_set_colorspace(&info, JCS_GRAYSCALE);
    if (!form.grey) {
        info.comp_info[0].h_samp_factor = form.columns_a_colour;
        info.comp_info[0].v_samp_factor = form.rows_a_colour;
    }
    if (form.progressive) jpeg_simple_progression(&info);
    info.restart_interval = form.restart_interval;
    jpeg_start_compress(&info, TRUE);
    while (info.next_scanline < info.image_height) {
        // libjpeg's type takes pointers to bytes that it could change; it does not.
        auto* row = const_cast<JSAMPROW>(image.const_data_ptr<uint8_t>() + image.stride(0) * info.next_scanline);
        jpeg_write_scanlines(&info, &row, 1);
    }
    jpeg_finish_compress(&info);
    jpeg_destroy_compress(&info);
    const std::unique_ptr<unsigned char, decltype(&std::free)> owner(file, &std::free);
    return text_of(file, size);
}

std::string encode_png(const at::Tensor& image) {
    check_image(image, 4);
    png_image info{};
    info.version = PNG_IMAGE_VERSION;
    info.width = static_cast<png_uint_32>(image.size(1));
    info.height = static_cast<png_uint_32>(image.size(0));
    info.format = image.size(2) == 4 ? PNG_FORMAT_RGBA : PNG_FORMAT_RGB;
    png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(info);
    std::string file(size, '\0');
    const int made =
        png_image_write_to_memory(&info, file.data(), &size, 0, image.const_data_ptr<uint8_t>(), 0, nullptr);
    TORCH_CHECK(made != 0, info.message);
    file.resize(size);
    return file;
}

std::string encode_lossy_webp(const at::Tensor& image) {
    check_image(image);
    uint8_t* file = nullptr;
    const size_t size =
        WebPEncodeRGB(image.const_data_ptr<uint8_t>(), side(image, 1), side(image, 0), side(image, 1) * 3, 70, &file);
    return webp_of(size, file);
}

std::string encode_lossless_webp(const at::Tensor& image) {
    check_image(image);
    uint8_t* file = nullptr;
    const size_t size = WebPEncodeLosslessRGB(image.const_data_ptr<uint8_t>(), side(image, 1), side(image, 0),
                                              side(image, 1) * 3, &file);
    return webp_of(size, file);
}

std::string encode_bmp(const at::Tensor& image) {
    check_image(image);
    const int64_t height = image.size(0);
    const int64_t width = image.size(1);
    const auto number = [](int64_t value, int bytes) {
        std::string text;
        for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i));
        return text;
    };
    constexpr int64_t kHeaders = 14 + 40;
    std::string pixels;
    for (int64_t y = height - 1; y >= 0; --y) {
        const uint8_t* rgb = image.const_data_ptr<uint8_t>() + image.stride(0) * y;
        for (int64_t x = 0; x < width; ++x, rgb += 3) {
            for (const int channel : {2, 1, 0}) pixels += static_cast<char>(rgb[channel]);
        }
        pixels.append(static_cast<size_t>(width % 4), '\0');  // three bytes a pixel: up to a multiple of four
    }
    const auto size = static_cast<int64_t>(pixels.size());
    return "BM" + number(kHeaders + size, 4) + number(0, 4) + number(kHeaders, 4) + number(40, 4) + number(width, 4) +
           number(height, 4) + number(1, 2) + number(24, 2) + number(0, 4) + number(size, 4) + number(0, 16) + pixels;
}

at::Tensor decode_jpeg(std::string_view file, unsigned reduced_by) {
    jpeg_decompress_struct info{};
    jpeg_error_mgr errors{};
    info.err = jpeg_std_error(&errors);
    jpeg_create_decompress(&info);
    jpeg_mem_src(&info, reinterpret_cast<const unsigned char*>(file.data()), file.size());
    jpeg_read_header(&info, TRUE);
    info.out_color_space = JCS_RGB;
    info.scale_num = 1;
    info.scale_denom = reduced_by;
    jpeg_start_decompress(&info);
    at::Tensor image = at::empty({info.output_height, info.output_width, 3}, at::kByte);
    while (info.output_scanline < info.output_height) {
        JSAMPROW row = image.mutable_data_ptr<uint8_t>() + image.stride(0) * info.output_scanline;
        jpeg_read_scanlines(&info, &row, 1);
    }
    jpeg_finish_decompress(&info);
    jpeg_destroy_decompress(&info);
    return image;
}

at::Tensor decode_webp(std::string_view file) {
    const auto* bytes = reinterpret_cast<const uint8_t*>(file.data());
    int width = 0;
    int height = 0;
    TORCH_CHECK(WebPGetInfo(bytes, file.size(), &width, &height) != 0, "no WebP");
    at::Tensor image = at::empty({height, width, 3}, at::kByte);
    uint8_t* pixels = image.mutable_data_ptr<uint8_t>();
    TORCH_CHECK(WebPDecodeRGBInto(bytes, file.size(), pixels, image.nbytes(), width * 3) != nullptr, "a damaged WebP");
    return image;
}

}  // namespace kaziranga::test
