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

core::Error needs_library(const File& file, const std::string& format, const std::string& package,
                          const std::string& problem) {
    return core::Error({.what = format + " cannot be read here",
                        .where = file.where.string(),
                        .found = problem,
                        .remedy = "install the package " + package + ", or convert the image to JPEG or PNG"});
}

void File::need(uint64_t at, uint64_t count) const {
    if (!has(at, count)) throw truncated(*this, "the file ends inside its headers");
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
