#pragma once

#include "core/error.hpp"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

/// What the image formats have in common. Each has a walk over its structure, which decodes nothing, and a
/// decoder for files whose structure is sound.
namespace kaziranga::data::formats {

/// A file in memory and the path to name it by.
struct File {
    std::string_view bytes;
    const std::filesystem::path& where;

    bool has(uint64_t at, uint64_t count) const { return at <= bytes.size() && count <= bytes.size() - at; }
    /// @throws core::Error "truncated" when bytes [at, at + count) are not all there
    void need(uint64_t at, uint64_t count) const;
};

/// What a walk over the structure finds.
struct Structure {
    int64_t width = 0;
    int64_t height = 0;
    std::string_view exif;  ///< the TIFF structure of EXIF, empty where there is none
};

/// A side of an image that is decoded smaller, as libjpeg rounds it.
constexpr int64_t reduced_side(int64_t side, int64_t reduced_by) {
    return (side + reduced_by - 1) / reduced_by;
}

/// A format of image files. One more is its file, which has its line in the table of table.cpp.
struct ImageFormat {
    std::string_view name;
    std::span<const std::string_view> extensions;  ///< in small letters, with their points
    bool (*recognises)(std::string_view bytes);    ///< by how a file begins
    Structure (*walk)(const File& file);           ///< @throws core::Error when it is truncated or damaged
    /// Decodes to RGB as stored, EXIF aside.
    /// @param rgb         [height, width, 3] of the structure, dense
    /// @param reduced_by  1, 2, 4 or 8 of a reducible format, else 1: rgb's sides are reduced_side() of the structure's
    /// @throws core::Error when the pixels are damaged, or are not as many as the structure says
    void (*decode)(const File& file, const Structure& structure, int64_t reduced_by, uint8_t* rgb);
    bool reducible = false;  ///< decoding to a smaller size takes less time
};

extern const ImageFormat kJpeg, kPng, kWebp, kBmp;

/// Printable bytes of UTF-8 at the beginning.
bool looks_like_text(std::string_view bytes);

/// @param tiff  the TIFF structure of EXIF
/// @return the orientation tag, 1 … 8; 1 where it is missing or makes no sense
int exif_orientation(std::string_view tiff);

/// "truncated: <detail>", with the remedy that fits.
core::Error truncated(const File& file, const std::string& detail);
/// "damaged: <detail>", likewise.
core::Error damaged(const File& file, const std::string& detail);

/// Numbers in a file; the caller has made sure that their bytes are there.
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
