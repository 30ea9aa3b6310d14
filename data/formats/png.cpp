#include "data/formats/table.hpp"

#include <csetjmp>
#include <cstring>
#include <vector>

#include <png.h>
#include <zlib.h>

namespace kaziranga::data::formats {
namespace {

constexpr uint64_t kSignature = 8;

struct Chunk {
    std::string_view type;
    std::string_view content;
    uint64_t next = 0;  ///< start of the next chunk
};

Chunk read_chunk(const File& file, uint64_t at) {
    constexpr uint64_t kFrame = 12;  // length, type and checksum
    if (!file.has(at, kFrame)) throw truncated(file, "the IEND chunk is missing");
    const uint64_t length = big32(file.bytes, at);
    if (!file.has(at, kFrame + length)) throw truncated(file, "the IEND chunk is missing");
    const std::string_view checked = file.bytes.substr(at + 4, 4 + length);
    const auto checksum =
        ::crc32_z(0, reinterpret_cast<const unsigned char*>(checked.data()), static_cast<z_size_t>(checked.size()));
    if (checksum != big32(file.bytes, at + 8 + length)) {
        throw damaged(file, "the checksum of the chunk at byte " + std::to_string(at) + " is wrong");
    }
    return {checked.substr(0, 4), checked.substr(4), at + kFrame + length};
}

struct Source {
    std::string_view left;
    char failure[128];
};

[[noreturn]] void on_error(png_structp png, png_const_charp message) {
    auto* source = static_cast<Source*>(png_get_error_ptr(png));
    std::strncpy(source->failure, message, sizeof source->failure - 1);
    png_longjmp(png, 1);
}

void on_warning(png_structp, png_const_charp) {}

void on_read(png_structp png, png_bytep out, size_t count) {
    auto* source = static_cast<Source*>(png_get_io_ptr(png));
    if (count > source->left.size()) png_error(png, "the file ends inside its pixels");
    std::memcpy(out, source->left.data(), count);
    source->left.remove_prefix(count);
}

/// Converts every pixel format of PNG to 8-bit RGB: drops alpha without blending, keeps the high byte of 16 bits.
void ask_for_rgb(png_structp png, png_infop info) {
    png_set_palette_to_rgb(png);
    if (png_get_bit_depth(png, info) < 8) png_set_expand_gray_1_2_4_to_8(png);
    png_set_strip_16(png);
    png_set_gray_to_rgb(png);
    png_set_strip_alpha(png);
}

/// No object that owns something may live between setjmp and longjmp.
/// @return false, with source.failure filled, if libpng failed
bool decompress(Source& source, const Structure& structure, png_bytepp rows) {
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &source, on_error, on_warning);
    png_infop info = png == nullptr ? nullptr : png_create_info_struct(png);
    if (info == nullptr || setjmp(png_jmpbuf(png)) != 0) {
        png_destroy_read_struct(&png, &info, nullptr);
        return false;
    }
    png_set_read_fn(png, &source, on_read);
    png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    // Colour profiles, texts and times do not change the pixels. If one is faulty, the image is still read.
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, nullptr, -1);
    png_read_info(png, info);
    if (png_get_image_width(png, info) != structure.width || png_get_image_height(png, info) != structure.height) {
        png_error(png, "its headers contradict each other");
    }
    ask_for_rgb(png, info);
    png_set_interlace_handling(png);
    png_read_update_info(png, info);
    if (png_get_rowbytes(png, info) != static_cast<size_t>(structure.width) * 3) {
        png_error(png, "pixels of an unknown kind");
    }
    png_read_image(png, rows);
    png_destroy_read_struct(&png, &info, nullptr);
    return true;
}

Structure walk(const File& file) {
    constexpr uint64_t kHeaderLength = 13;
    const Chunk header = read_chunk(file, kSignature);
    if (header.type != "IHDR" || header.content.size() != kHeaderLength) {
        throw damaged(file, "it does not begin with a header (IHDR)");
    }
    Structure structure{.width = big32(header.content, 0), .height = big32(header.content, 4), .exif = {}};
    if (structure.width == 0 || structure.height == 0) throw damaged(file, "an image of no pixels");

    bool has_pixels = false;
    Chunk chunk = header;
    do {
        chunk = read_chunk(file, chunk.next);
        if (chunk.type == "IDAT") has_pixels = true;
        if (chunk.type == "eXIf") structure.exif = chunk.content;
    } while (chunk.type != "IEND");
    if (!has_pixels) throw damaged(file, "it has no pixels (IDAT)");
    return structure;
}

void decode(const File& file, const Structure& structure, int64_t, uint8_t* rgb) {
    std::vector<png_bytep> rows(static_cast<size_t>(structure.height));
    for (size_t y = 0; y < rows.size(); ++y) rows[y] = rgb + y * static_cast<size_t>(structure.width) * 3;
    Source source{.left = file.bytes, .failure = "out of memory"};
    if (!decompress(source, structure, rows.data())) throw damaged(file, source.failure);
}

bool recognises(std::string_view bytes) {
    return bytes.starts_with("\x89PNG\r\n\x1A\n");
}

constexpr std::string_view kExtensions[] = {".png"};

}  // namespace

const ImageFormat kPng = {
    .name = "PNG", .extensions = kExtensions, .recognises = recognises, .walk = walk, .decode = decode};

}  // namespace kaziranga::data::formats
