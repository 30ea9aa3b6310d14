#include "data/formats/probe.hpp"

#include "data/formats/table.hpp"

#include <algorithm>
#include <array>

namespace kaziranga::data {
namespace {

using namespace std::string_view_literals;

/// First bytes of a file format. `at` is the position of the signature.
struct Signature {
    size_t at;
    std::string_view bytes;
    const char* name;
};

constexpr std::array kStrangers = {
    Signature{0, "GIF8"sv, "a GIF image"},
    Signature{0, "II+\0"sv, "a BigTIFF image"},
    Signature{0, "MM\0+"sv, "a BigTIFF image"},
    Signature{4, "ftypavis"sv, "an animated AVIF"},
    Signature{4, "ftyphevc"sv, "an animated HEIC"},
    Signature{4, "ftypmsf1"sv, "an animated HEIF"},
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
                            .expected = formats::format_names(),
                            .remedy = "convert it to JPEG or PNG, or remove it"});
    }
    return core::Error(
        {.what = formats::looks_like_text(file.bytes) ? "not an image (looks like text)" : "not an image",
         .where = where,
         .expected = formats::format_names(),
         .remedy = "remove it"});
}

const formats::ImageFormat& recognise(const formats::File& file) {
    for (const formats::ImageFormat* format : formats::kImageFormats) {
        if (format->recognises(file.bytes)) return *format;
    }
    throw no_image(file);
}

}  // namespace

ImageProbe probe_image(std::string_view bytes, const std::filesystem::path& where, int64_t max_pixels) {
    const formats::File file{bytes, where};
    const formats::ImageFormat& format = recognise(file);
    const formats::Structure structure = format.walk(file);
    if (structure.width > max_pixels / structure.height) {
        throw core::Error({.what = "too many pixels",
                           .where = where.string(),
                           .expected = "at most " + std::to_string(max_pixels),
                           .found = std::to_string(structure.width) + " x " + std::to_string(structure.height),
                           .remedy = "make it smaller, or raise data.max_pixels"});
    }
    return {format, structure};
}

uint64_t longest_image_file(int64_t max_pixels) {
    constexpr uint64_t kBytesPerPixel = 8, kMetadata = uint64_t{64} << 20;
    return static_cast<uint64_t>(max_pixels) * kBytesPerPixel + kMetadata;
}

}  // namespace kaziranga::data
