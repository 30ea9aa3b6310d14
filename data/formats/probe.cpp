#include "data/formats/format.hpp"
#include "data/formats/walk.hpp"
#include "data/inspect.hpp"

#include <algorithm>
#include <array>

namespace kaziranga::data {
namespace {

using namespace std::string_view_literals;

/// How a file begins. `at` is where the signature stands.
struct Signature {
    size_t at;
    std::string_view bytes;
    const char* name;
};

constexpr std::array kStrangers = {
    Signature{0, "GIF8"sv, "a GIF image"},
    Signature{0, "II*\0"sv, "a TIFF image"},
    Signature{0, "MM\0*"sv, "a TIFF image"},
    Signature{4, "ftypheic"sv, "a HEIC image"},
    Signature{4, "ftypheix"sv, "a HEIC image"},
    Signature{4, "ftypmif1"sv, "a HEIF image"},
    Signature{4, "ftypavif"sv, "an AVIF image"},
    Signature{4, "ftypavis"sv, "an animated AVIF"},
    Signature{4, "ftyphevc"sv, "an animated HEIC"},
    Signature{4, "ftyp"sv, "a video"},
    Signature{0, "%PDF"sv, "a PDF file"},
    Signature{0, "8BPS"sv, "a Photoshop image"},
    Signature{0, "\0\0\0\x0CjP  "sv, "a JPEG 2000 image"},
    Signature{0, "\0\0\0\x0CJXL "sv, "a JPEG XL image"},
    Signature{0, "\xFF\x0A"sv, "a JPEG XL image"},
    Signature{0, "PK\x03\x04"sv, "a zip archive"},
    Signature{0, "\x1F\x8B"sv, "a gzip archive"},
};

bool begins_with(std::string_view bytes, const Signature& signature) {
    return bytes.size() >= signature.at && bytes.substr(signature.at).starts_with(signature.bytes);
}

bool looks_like_text(std::string_view bytes) {
    constexpr size_t kEnough = 512;
    constexpr unsigned char kNeverInUtf8 = 0xF8;
    return std::ranges::all_of(bytes.substr(0, kEnough), [](char c) {
        const auto code = static_cast<unsigned char>(c);
        return (code >= 0x20 && code < kNeverInUtf8) || c == '\n' || c == '\r' || c == '\t' || c == '\f';
    });
}

core::Error no_image(const formats::File& file) {
    const std::string where = file.where.string();
    if (file.bytes.empty()) {
        return core::Error({.what = "the file is empty",
                            .where = where,
                            .expected = "an image",
                            .found = "0 bytes",
                            .remedy = "copy the file anew from where it came, or remove it"});
    }
    for (const Signature& stranger : kStrangers) {
        if (!begins_with(file.bytes, stranger)) continue;
        return core::Error({.what = stranger.name,
                            .where = where,
                            .expected = "JPEG, PNG, WebP or BMP",
                            .remedy = "convert it to JPEG or PNG, or remove it"});
    }
    return core::Error({.what = looks_like_text(file.bytes) ? "not an image (looks like text)" : "not an image",
                        .where = where,
                        .expected = "JPEG, PNG, WebP or BMP",
                        .remedy = "remove it"});
}

ImageFormat recognise(const formats::File& file) {
    if (file.bytes.starts_with("\xFF\xD8\xFF"sv)) return ImageFormat::kJpeg;
    if (file.bytes.starts_with("\x89PNG\r\n\x1A\n"sv)) return ImageFormat::kPng;
    if (file.bytes.starts_with("RIFF"sv) && begins_with(file.bytes, {8, "WEBP"sv, ""})) return ImageFormat::kWebp;
    if (file.bytes.starts_with("BM"sv) && !looks_like_text(file.bytes)) return ImageFormat::kBmp;
    throw no_image(file);
}

formats::Structure walk(const formats::File& file, ImageFormat format) {
    switch (format) {
        case ImageFormat::kJpeg:
            return formats::walk_jpeg(file);
        case ImageFormat::kPng:
            return formats::walk_png(file);
        case ImageFormat::kWebp:
            return formats::walk_webp(file);
        case ImageFormat::kBmp:
            return formats::walk_bmp(file);
    }
    throw no_image(file);
}

}  // namespace

namespace formats {

Walked walk_any(const File& file, int64_t max_pixels) {
    const ImageFormat format = recognise(file);
    const Structure structure = walk(file, format);
    if (structure.width > max_pixels / structure.height) {
        throw core::Error({.what = "too many pixels",
                           .where = file.where.string(),
                           .expected = "at most " + std::to_string(max_pixels),
                           .found = std::to_string(structure.width) + " x " + std::to_string(structure.height),
                           .remedy = "make it smaller, or raise data.max_pixels"});
    }
    return {format, structure};
}

}  // namespace formats

ImageProbe probe_image(std::string_view bytes, const std::filesystem::path& where, int64_t max_pixels) {
    const auto [format, structure] = formats::walk_any({bytes, where}, max_pixels);
    return {.format = format, .width = structure.width, .height = structure.height};
}

}  // namespace kaziranga::data
