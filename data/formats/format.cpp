#include "data/formats/format.hpp"

#include <algorithm>

namespace kaziranga::data::formats {
namespace {

constexpr const char* kReplaceIt = "copy the file anew from where it came, or remove it";

}  // namespace

core::Error truncated(const File& file, const std::string& detail) {
    return core::Error({.what = "truncated: " + detail,
                        .where = file.where.string(),
                        .found = std::to_string(file.bytes.size()) + " bytes",
                        .remedy = kReplaceIt});
}

core::Error damaged(const File& file, const std::string& detail) {
    return core::Error({.what = "damaged: " + detail, .where = file.where.string(), .remedy = kReplaceIt});
}

void File::need(uint64_t at, uint64_t count) const {
    if (!has(at, count)) throw truncated(*this, "the file ends inside its headers");
}

int exif_orientation(std::string_view tiff) {
    constexpr uint32_t kOrientation = 0x0112, kShort = 3, kLong = 4;
    constexpr uint64_t kHeader = 8, kEntry = 12;
    const bool little = tiff.starts_with(std::string_view("II*\0", 4));
    if (tiff.size() < kHeader || (!little && !tiff.starts_with(std::string_view("MM\0*", 4)))) return 1;
    const auto number16 = [&](uint64_t at) { return little ? little16(tiff, at) : big16(tiff, at); };
    const auto number32 = [&](uint64_t at) { return little ? little32(tiff, at) : big32(tiff, at); };
    const uint64_t directory = number32(4);
    if (directory + 2 > tiff.size()) return 1;

    const uint64_t entries = number16(directory);
    for (uint64_t i = 0; i < entries; ++i) {
        const uint64_t entry = directory + 2 + i * kEntry;
        if (entry + kEntry > tiff.size()) return 1;
        if (number16(entry) != kOrientation) continue;
        const uint32_t type = number16(entry + 2);  // the standard requires short; some programs write long
        if (type != kShort && type != kLong) return 1;
        const uint32_t value = type == kShort ? number16(entry + kHeader) : number32(entry + kHeader);
        return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
    }
    return 1;
}

bool looks_like_text(std::string_view bytes) {
    constexpr size_t kEnough = 512;
    constexpr unsigned char kNeverInUtf8 = 0xF8;
    return std::ranges::all_of(bytes.substr(0, kEnough), [](char c) {
        const auto code = static_cast<unsigned char>(c);
        return (code >= 0x20 && code < kNeverInUtf8) || c == '\n' || c == '\r' || c == '\t' || c == '\f';
    });
}

}  // namespace kaziranga::data::formats
