#include "data/formats/table.hpp"

#include <webp/decode.h>

namespace kaziranga::data::formats {
namespace {

constexpr uint64_t kRiffHeader = 12, kChunkHeader = 8;

void read_lossy_size(const File& file, std::string_view content, Structure& structure) {
    constexpr uint64_t kFrameHeader = 10;
    constexpr uint32_t kStartCode = 0x2A019D, kFourteenBits = 0x3FFF;
    if (content.size() < kFrameHeader || (byte_at(content, 0) & 1) != 0 || little24(content, 3) != kStartCode) {
        throw damaged(file, "its lossy frame has no proper header");
    }
    structure.width = little16(content, 6) & kFourteenBits;
    structure.height = little16(content, 8) & kFourteenBits;
}

void read_lossless_size(const File& file, std::string_view content, Structure& structure) {
    constexpr uint32_t kSignature = 0x2F, kFourteenBits = 0x3FFF;
    if (content.size() < 5 || byte_at(content, 0) != kSignature) {
        throw damaged(file, "its lossless frame has no proper header");
    }
    const uint32_t sizes = little32(content, 1);
    structure.width = (sizes & kFourteenBits) + 1;
    structure.height = (sizes >> 14 & kFourteenBits) + 1;
}

bool says_animated(const File& file, std::string_view extended_header) {
    constexpr uint32_t kAnimated = 0x02;
    if (extended_header.size() < 10) throw damaged(file, "its extended header is too short");
    return (byte_at(extended_header, 0) & kAnimated) != 0;
}

core::Error animation(const File& file) {
    return core::Error({.what = "an animated WebP",
                        .where = file.where.string(),
                        .expected = "a still image",
                        .remedy = "save one of its frames as JPEG or PNG"});
}

Structure walk(const File& file) {
    file.need(0, kRiffHeader);
    const uint64_t end = kChunkHeader + little32(file.bytes, 4);
    if (!file.has(0, end)) throw truncated(file, "its header tells of " + std::to_string(end) + " bytes");
    const File riff{file.bytes.substr(0, end), file.where};

    Structure structure;
    for (uint64_t at = kRiffHeader; riff.has(at, kChunkHeader);) {
        const std::string_view type = riff.bytes.substr(at, 4);
        const uint64_t length = little32(riff.bytes, at + 4);
        if (!riff.has(at + kChunkHeader, length)) throw damaged(file, "a chunk goes past the end of the file");
        const std::string_view content = riff.bytes.substr(at + kChunkHeader, length);
        const bool frame = type == "ANIM" || type == "ANMF";  // some programs forget to set the flag
        if (frame || (type == "VP8X" && says_animated(file, content))) throw animation(file);
        if (type == "VP8 ") read_lossy_size(file, content, structure);
        if (type == "VP8L") read_lossless_size(file, content, structure);
        if (type == "EXIF") structure.exif = content.starts_with("Exif") && length > 6 ? content.substr(6) : content;
        at += kChunkHeader + length + length % 2;
    }
    if (structure.width == 0 || structure.height == 0) throw damaged(file, "it has no pixels (VP8 or VP8L)");
    return structure;
}

void decode(const File& file, const Structure& structure, int64_t, uint8_t* rgb) {
    const auto* bytes = reinterpret_cast<const uint8_t*>(file.bytes.data());
    int width = 0;
    int height = 0;
    if (WebPGetInfo(bytes, file.bytes.size(), &width, &height) == 0 || width != structure.width ||
        height != structure.height) {
        throw damaged(file, "its headers contradict each other");
    }
    const size_t size = static_cast<size_t>(structure.width) * static_cast<size_t>(structure.height) * 3;
    if (WebPDecodeRGBInto(bytes, file.bytes.size(), rgb, size, width * 3) == nullptr) {
        throw damaged(file, "its pixels cannot be decoded");
    }
}

bool recognises(std::string_view bytes) {
    return bytes.starts_with("RIFF") && bytes.size() >= 8 && bytes.substr(8).starts_with("WEBP");
}

constexpr std::string_view kExtensions[] = {".webp"};

}  // namespace

const ImageFormat kWebp = {
    .name = "WebP", .extensions = kExtensions, .recognises = recognises, .walk = walk, .decode = decode};

}  // namespace kaziranga::data::formats
