#pragma once

#include "core/error.hpp"
#include "data/formats/decode.hpp"
#include "data/formats/probe.hpp"
#include "tests/support/image_files.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <ATen/ops/empty.h>
#include <gtest/gtest.h>

/// Image files in memory, for tests.
namespace kaziranga::data {

constexpr int64_t kMaxPixels = 1'000'000;

/// Smooth colours with some grain, red-green-blue.
inline at::Tensor picture(int64_t height = 37, int64_t width = 53) {
    at::Tensor image = at::empty({height, width, 3}, at::kByte);
    uint8_t* rgb = image.mutable_data_ptr<uint8_t>();
    for (int64_t y = 0; y < height; ++y) {
        for (int64_t x = 0; x < width; ++x, rgb += 3) {
            const int64_t grain = (x * 7919 + y * 104729) % 23;
            rgb[0] = static_cast<uint8_t>((x + y) * 2 % 256);
            rgb[1] = static_cast<uint8_t>((y * 5 + grain) % 256);
            rgb[2] = static_cast<uint8_t>(x * 4 % 256);
        }
    }
    return image;
}

inline std::string jpeg_file() {
    return test::encode_jpeg(picture());
}

inline std::string png_file() {
    return test::encode_png(picture());
}

/// One file of each kind that differs in structure, by name: all of picture().
inline std::vector<std::pair<std::string, std::string>> every_kind() {
    return {
        {"baseline JPEG", jpeg_file()},
        {"progressive JPEG", test::encode_jpeg(picture(), {.progressive = true})},
        {"JPEG with restarts", test::encode_jpeg(picture(), {.restart_interval = 2})},
        {"PNG", png_file()},
        {"lossy WebP", test::encode_lossy_webp(picture())},
        {"lossless WebP", test::encode_lossless_webp(picture())},
        {"BMP", test::encode_bmp(picture())},
        {"TIFF", test::encode_tiff(picture())},
        {"compressed TIFF in tiles", test::encode_tiff(picture(), {.tiled = true, .deflate = true})},
        {"TIFF in planes", test::encode_tiff(picture(), {.planes = true, .big_endian = true})},
        {"HEIC", test::encode_heic(picture())},
        {"AVIF", test::encode_avif(picture())},
    };
}

/// What is wrong with the bytes; fails the test when nothing is.
template <class Work>
core::Problem problem_of(const Work& work) {
    try {
        work();
    } catch (const core::Error& error) {
        return error.problems().front();
    }
    ADD_FAILURE() << "nothing was found wrong";
    return {};
}

inline core::Problem probe_problem(std::string_view bytes, int64_t max_pixels = kMaxPixels) {
    return problem_of([&] { probe_image(bytes, "folder/photo.jpg", max_pixels); });
}

inline core::Problem decode_problem(std::string_view bytes) {
    return problem_of([&] { decode_image(bytes, "folder/photo.jpg", {kMaxPixels}); });
}

/// A JPEG with an APP1 segment put in after the start-of-image marker.
inline std::string with_segment(const std::string& jpeg, const std::string& content) {
    const size_t length = content.size() + 2;
    return jpeg.substr(0, 2) + "\xFF\xE1" + static_cast<char>(length >> 8) + static_cast<char>(length & 0xFF) +
           content + jpeg.substr(2);
}

/// @param type  of the EXIF field: 3 a short, as the standard says, or 4 a long
inline std::string with_orientation(const std::string& jpeg, size_t orientation, char type = 3) {
    const std::string start("Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01", 18), count("\0\x01\0\0\0", 5), end(3, '\0');
    return with_segment(jpeg, start + type + count + static_cast<char>(orientation) + end);
}

/// A PNG chunk with its checksum, which is computed bit by bit (PNG specification, annex D).
inline std::string png_chunk(const std::string& type, const std::string& content) {
    const auto big = [](uint32_t value) {
        std::string bytes;
        for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift);
        return bytes;
    };
    uint32_t checksum = 0xFFFFFFFF;
    for (const char c : type + content) {
        checksum ^= static_cast<unsigned char>(c);
        for (int bit = 0; bit < 8; ++bit) checksum = checksum >> 1 ^ (checksum & 1 ? 0xEDB88320 : 0);
    }
    return big(static_cast<uint32_t>(content.size())) + type + content + big(~checksum);
}

}  // namespace kaziranga::data
