#include "tests/support/image_files.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>
#include <c10/util/Exception.h>
#include <jpeglib.h>
#include <libheif/heif.h>
#include <png.h>
#include <tiffio.h>
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

namespace {

tmsize_t read_nothing(thandle_t, void*, tmsize_t) {
    return 0;
}

/// A file in memory that libtiff writes.
struct Written {
    std::string bytes;
    size_t at = 0;
};

tmsize_t write(thandle_t handle, void* from, tmsize_t count) {
    auto& file = *static_cast<Written*>(handle);
    const auto size = static_cast<size_t>(count);
    if (file.bytes.size() < file.at + size) file.bytes.resize(file.at + size);
    file.bytes.replace(file.at, size, static_cast<const char*>(from), size);
    file.at += size;
    return count;
}

toff_t seek(thandle_t handle, toff_t offset, int whence) {
    auto& file = *static_cast<Written*>(handle);
    file.at = offset + (whence == SEEK_CUR ? file.at : whence == SEEK_END ? file.bytes.size() : 0);
    return file.at;
}

int close_nothing(thandle_t) {
    return 0;
}

toff_t size_of(thandle_t handle) {
    return static_cast<Written*>(handle)->bytes.size();
}

/// Rows or a tile of an image, one colour or all of them, padded with zeros.
std::vector<uint8_t> piece(const at::Tensor& image, int64_t top, int64_t left, int64_t rows, int64_t columns) {
    at::Tensor all = at::zeros({rows, columns, image.size(2)}, at::kByte);
    const int64_t height = std::min(rows, image.size(0) - top), width = std::min(columns, image.size(1) - left);
    all.narrow(0, 0, height).narrow(1, 0, width).copy_(image.narrow(0, top, height).narrow(1, left, width));
    const uint8_t* bytes = all.const_data_ptr<uint8_t>();
    return {bytes, bytes + all.numel()};
}

void write_pieces(TIFF* tiff, const at::Tensor& image, bool tiled, uint16_t plane) {
    constexpr int64_t kTile = 16, kRows = 8;
    for (int64_t top = 0; top < image.size(0); top += tiled ? kTile : kRows) {
        if (!tiled) {
            const int64_t rows = std::min(kRows, image.size(0) - top);
            std::vector<uint8_t> strip = piece(image, top, 0, rows, image.size(1));
            const uint32_t number = TIFFComputeStrip(tiff, static_cast<uint32_t>(top), plane);
            TORCH_CHECK(TIFFWriteEncodedStrip(tiff, number, strip.data(), static_cast<tmsize_t>(strip.size())) > 0);
        }
        for (int64_t left = 0; tiled && left < image.size(1); left += kTile) {
            std::vector<uint8_t> tile = piece(image, top, left, kTile, kTile);
            const uint32_t number =
                TIFFComputeTile(tiff, static_cast<uint32_t>(left), static_cast<uint32_t>(top), 0, plane);
            TORCH_CHECK(TIFFWriteEncodedTile(tiff, number, tile.data(), static_cast<tmsize_t>(tile.size())) > 0);
        }
    }
}

}  // namespace

std::string encode_tiff(const at::Tensor& image, const TiffForm& form) {
    check_image(image, 4);
    Written file;
    TIFF* tiff = TIFFClientOpen("", form.big_endian ? "wb" : "wl", &file, read_nothing, write, seek, close_nothing,
                                size_of, nullptr, nullptr);
    TORCH_CHECK(tiff != nullptr, "libtiff opens no file");
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, side(image, 1));
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, side(image, 0));
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 8);
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, side(image, 2));
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_RGB);
    TIFFSetField(tiff, TIFFTAG_ORIENTATION, form.orientation);
    TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, form.planes ? PLANARCONFIG_SEPARATE : PLANARCONFIG_CONTIG);
    TIFFSetField(tiff, TIFFTAG_COMPRESSION, form.deflate ? COMPRESSION_ADOBE_DEFLATE : COMPRESSION_NONE);
    const uint16_t alpha = EXTRASAMPLE_UNASSALPHA;
    if (image.size(2) == 4) TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, 1, &alpha);
    if (form.tiled) {
        TIFFSetField(tiff, TIFFTAG_TILEWIDTH, 16);
        TIFFSetField(tiff, TIFFTAG_TILELENGTH, 16);
    } else {
        TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, 8);
    }
    for (int64_t plane = 0; plane < (form.planes ? image.size(2) : 1); ++plane) {
        write_pieces(tiff, form.planes ? image.narrow(2, plane, 1) : image, form.tiled, static_cast<uint16_t>(plane));
    }
    TIFFClose(tiff);
    return file.bytes;
}

namespace {

void require(const heif_error& error) {
    TORCH_CHECK(error.code == heif_error_Ok, error.message);
}

heif_error append(heif_context*, const void* data, size_t size, void* to) {
    static_cast<std::string*>(to)->append(static_cast<const char*>(data), size);
    return {heif_error_Ok, heif_suberror_Unspecified, ""};
}

std::string encode_heif(const at::Tensor& image, heif_compression_format format) {
    check_image(image);
    heif_image* made = nullptr;
    require(heif_image_create(side(image, 1), side(image, 0), heif_colorspace_RGB, heif_chroma_interleaved_RGB, &made));
    require(heif_image_add_plane(made, heif_channel_interleaved, side(image, 1), side(image, 0), 8));
    int stride = 0;
    uint8_t* plane = heif_image_get_plane(made, heif_channel_interleaved, &stride);
    const uint8_t* rgb = image.const_data_ptr<uint8_t>();
    for (int64_t y = 0; y < image.size(0); ++y) {
        std::copy_n(rgb + y * image.size(1) * 3, image.size(1) * 3, plane + y * stride);
    }
    heif_context* context = heif_context_alloc();
    heif_encoder* encoder = nullptr;
    require(heif_context_get_encoder_for_format(context, format, &encoder));
    heif_encoder_set_lossy_quality(encoder, 95);
    require(heif_context_encode_image(context, made, encoder, nullptr, nullptr));
    std::string file;
    heif_writer writer = {.writer_api_version = 1, .write = append};
    require(heif_context_write(context, &writer, &file));
    heif_encoder_release(encoder);
    heif_context_free(context);
    heif_image_release(made);
    return file;
}

}  // namespace

std::string encode_heic(const at::Tensor& image) {
    return encode_heif(image, heif_compression_HEVC);
}

std::string encode_avif(const at::Tensor& image) {
    return encode_heif(image, heif_compression_AV1);
}

at::Tensor decode_heif(std::string_view file) {
    heif_context* context = heif_context_alloc();
    require(heif_context_read_from_memory_without_copy(context, file.data(), file.size(), nullptr));
    heif_image_handle* handle = nullptr;
    require(heif_context_get_primary_image_handle(context, &handle));
    heif_image* decoded = nullptr;
    require(heif_decode_image(handle, &decoded, heif_colorspace_RGB, heif_chroma_interleaved_RGB, nullptr));
    const int height = heif_image_handle_get_height(handle), width = heif_image_handle_get_width(handle);
    int stride = 0;
    const uint8_t* plane = heif_image_get_plane_readonly(decoded, heif_channel_interleaved, &stride);
    at::Tensor image = at::empty({height, width, 3}, at::kByte);
    uint8_t* rgb = image.mutable_data_ptr<uint8_t>();
    for (int y = 0; y < height; ++y) std::copy_n(plane + int64_t{y} * stride, width * 3, rgb + int64_t{y} * width * 3);
    heif_image_release(decoded);
    heif_image_handle_release(handle);
    heif_context_free(context);
    return image;
}

}  // namespace kaziranga::test
