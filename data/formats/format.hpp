#pragma once

#include "core/error.hpp"
#include "data/box.hpp"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

/// Common parts of the image formats. Each format has a walk over the file structure, which decodes nothing, and a
/// decoder for files with a valid structure.
namespace kaziranga::data::formats {

/// A file in memory, and its path for messages.
struct File {
    std::string_view bytes;
    const std::filesystem::path& where;

    bool has(uint64_t at, uint64_t count) const { return at <= bytes.size() && count <= bytes.size() - at; }
    /// @throws core::Error "truncated" when the file does not contain all bytes [at, at + count)
    void need(uint64_t at, uint64_t count) const;
};

/// Result of a walk over the structure.
struct Structure {
    int64_t width = 0;
    int64_t height = 0;
    std::string_view exif;  ///< the TIFF structure of EXIF; empty if there is none
};

/// Side of an image after reduced decoding, rounded like in libjpeg.
constexpr int64_t reduced_side(int64_t side, int64_t reduced_by) {
    return (side + reduced_by - 1) / reduced_by;
}

/// A format of image files. A new format needs its own source file and a line in the table of table.hpp.
struct ImageFormat {
    std::string_view name;
    std::span<const std::string_view> extensions;  ///< in lower case, with the dot
    bool (*recognises)(std::string_view bytes);    ///< checks the first bytes of a file
    Structure (*walk)(const File& file);           ///< @throws core::Error when the file is truncated or damaged
    /// Decodes to RGB as stored, without EXIF rotation.
    /// @param rgb         [height, width, 3] of the structure, contiguous
    /// @param reduced_by  1, 2, 4 or 8 for a reducible format, else 1; sides of rgb: reduced_side() of the structure's
    /// @throws core::Error when the pixels are damaged, or their number differs from the structure
    void (*decode)(const File& file, const Structure& structure, int64_t reduced_by, uint8_t* rgb);
    bool reducible = false;  ///< decoding to a smaller size takes less time
    /// Decodes a part of the stored image: the same pixels, in less time. Null: the format can only decode all of it.
    /// @param region  inside the reduced image     @param rgb  [region.height, region.width, 3], contiguous
    void (*decode_region)(const File& file, const Structure& structure, int64_t reduced_by, const Box& region,
                          uint8_t* rgb) = nullptr;
};

/// True if the file begins with printable bytes of UTF-8.
bool looks_like_text(std::string_view bytes);

/// Returns the error "truncated: <detail>" with a remedy.
core::Error truncated(const File& file, const std::string& detail);
/// Returns the error "damaged: <detail>" with a remedy.
core::Error damaged(const File& file, const std::string& detail);
/// Returns the error that the format is read by a library that is not there.
/// @param package  its package in Debian     @param problem  what the loader says
core::Error needs_library(const File& file, const std::string& format, const std::string& package,
                          const std::string& problem);

/// Read numbers from a file. The caller has checked that the bytes exist.
inline uint32_t byte_at(std::string_view bytes, uint64_t at) {
    return static_cast<unsigned char>(bytes[at]);
}
inline uint32_t little16(std::string_view bytes, uint64_t at) {
    return byte_at(bytes, at) | byte_at(bytes, at + 1) << 8;
}
inline uint32_t little24(std::string_view bytes, uint64_t at) {
    return little16(bytes, at) | byte_at(bytes, at + 2) << 16;
}
inline uint32_t little32(std::string_view bytes, uint64_t at) {
    return little16(bytes, at) | little16(bytes, at + 2) << 16;
}
inline uint32_t big16(std::string_view bytes, uint64_t at) {
    return byte_at(bytes, at) << 8 | byte_at(bytes, at + 1);
}
inline uint32_t big32(std::string_view bytes, uint64_t at) {
    return big16(bytes, at) << 16 | big16(bytes, at + 2);
}

}  // namespace kaziranga::data::formats
