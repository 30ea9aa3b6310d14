#include "data/formats/exif.hpp"

#include "data/formats/format.hpp"

#include <cstdint>
#include <fstream>
#include <optional>

namespace kaziranga::data::formats {
namespace {

/// Reads the directories of a TIFF structure (TIFF 6.0, section 2). Offsets that lead out of it are no fields.
class Tiff {
  public:
    /// A field of a directory: 12 bytes.
    struct Field {
        uint32_t type = 0, count = 0;
        uint64_t value_at = 0;  ///< where its value begins, if that takes at most four bytes; else where its offset is
    };

    explicit Tiff(std::string_view bytes) : bytes_(bytes), little_(bytes.starts_with(std::string_view("II*\0", 4))) {
        constexpr uint64_t kHeader = 8;
        valid_ = bytes.size() >= kHeader && (little_ || bytes.starts_with(std::string_view("MM\0*", 4)));
    }

    uint64_t first_directory() const { return valid_ ? number32(4) : 0; }

    std::optional<Field> find(uint64_t directory, uint32_t tag) const {
        constexpr uint64_t kEntry = 12;
        if (!valid_ || directory == 0 || directory + 2 > bytes_.size()) return std::nullopt;
        const uint64_t entries = number16(directory);
        for (uint64_t i = 0; i < entries; ++i) {
            const uint64_t entry = directory + 2 + i * kEntry;
            if (entry + kEntry > bytes_.size()) return std::nullopt;
            if (number16(entry) == tag) {
                return Field{.type = number16(entry + 2), .count = number32(entry + 4), .value_at = entry + 8};
            }
        }
        return std::nullopt;
    }

    uint32_t number16(uint64_t at) const { return little_ ? little16(bytes_, at) : big16(bytes_, at); }
    uint32_t number32(uint64_t at) const { return little_ ? little32(bytes_, at) : big32(bytes_, at); }

    /// The text of a field of more than four characters, without what follows a zero byte.
    std::string_view text(const Field& field) const {
        constexpr uint32_t kAscii = 2;
        if (field.type != kAscii) return {};
        const uint64_t at = number32(field.value_at);
        if (at > bytes_.size() || field.count > bytes_.size() - at) return {};
        const std::string_view text = bytes_.substr(at, field.count);
        return text.substr(0, text.find('\0'));
    }

  private:
    std::string_view bytes_;
    bool little_ = false, valid_ = false;
};

/// The TIFF structure of EXIF in the start of a JPEG: the content of the first APP1 segment that is EXIF.
std::string_view exif_in(std::string_view jpeg) {
    constexpr std::string_view kTag("Exif\0\0", 6);
    constexpr uint32_t kApp1 = 0xE1, kStartOfScan = 0xDA;
    for (uint64_t at = 2; at + 4 <= jpeg.size() && byte_at(jpeg, at) == 0xFF;) {
        const uint32_t code = byte_at(jpeg, at + 1);
        const uint64_t length = big16(jpeg, at + 2);
        if (code == kStartOfScan || length < 2 || at + 2 + length > jpeg.size()) break;
        const std::string_view content = jpeg.substr(at + 4, length - 2);
        if (code == kApp1 && content.starts_with(kTag)) return content.substr(kTag.size());
        at += 2 + length;
    }
    return {};
}

}  // namespace

int exif_orientation(std::string_view bytes) {
    constexpr uint32_t kOrientation = 0x0112, kShort = 3, kLong = 4;
    const Tiff tiff(bytes);
    const auto field = tiff.find(tiff.first_directory(), kOrientation);
    // The standard requires short; some programs write long.
    if (!field || (field->type != kShort && field->type != kLong)) return 1;
    const uint32_t value = field->type == kShort ? tiff.number16(field->value_at) : tiff.number32(field->value_at);
    return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
}

std::string exif_time(const std::filesystem::path& file) {
    constexpr size_t kStart = 1 << 17;  // EXIF is at most 64 KB and comes first or behind a colour profile
    constexpr uint32_t kExifDirectory = 0x8769, kDateTimeOriginal = 0x9003, kDateTime = 0x0132;
    std::string start(kStart, '\0');
    std::ifstream in(file, std::ios::binary);
    in.read(start.data(), static_cast<std::streamsize>(start.size()));
    start.resize(static_cast<size_t>(in.gcount()));
    if (!start.starts_with("\xFF\xD8\xFF")) return {};
    const Tiff tiff(exif_in(start));
    const uint64_t first = tiff.first_directory();
    if (const auto directory = tiff.find(first, kExifDirectory)) {
        const auto taken = tiff.find(tiff.number32(directory->value_at), kDateTimeOriginal);
        if (taken && !tiff.text(*taken).empty()) return std::string(tiff.text(*taken));
    }
    const auto changed = tiff.find(first, kDateTime);
    return changed ? std::string(tiff.text(*changed)) : std::string();
}

}  // namespace kaziranga::data::formats
