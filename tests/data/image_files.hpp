#pragma once

#include "core/error.hpp"
#include "data/decode.hpp"
#include "data/inspect.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

/// Image files in memory, for tests.
namespace kaziranga::data {

constexpr int64_t kMaxPixels = 1'000'000;

/// Smooth colours with some grain, blue-green-red.
inline cv::Mat picture(int height = 37, int width = 53) {
    cv::Mat image(height, width, CV_8UC3);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const int grain = (x * 7919 + y * 104729) % 23;
            image.at<cv::Vec3b>(y, x) = {static_cast<uchar>(x * 4 % 256), static_cast<uchar>((y * 5 + grain) % 256),
                                         static_cast<uchar>((x + y) * 2 % 256)};
        }
    }
    return image;
}

inline std::string encoded(const std::string& ending, const std::vector<int>& parameters = {},
                           const cv::Mat& image = picture()) {
    std::vector<uchar> bytes;
    cv::imencode(ending, image, bytes, parameters);
    return {bytes.begin(), bytes.end()};
}

/// One file of each kind that differs in structure, by name.
inline std::vector<std::pair<std::string, std::string>> every_kind() {
    return {
        {"baseline JPEG", encoded(".jpg")},
        {"progressive JPEG", encoded(".jpg", {cv::IMWRITE_JPEG_PROGRESSIVE, 1})},
        {"JPEG with restarts", encoded(".jpg", {cv::IMWRITE_JPEG_RST_INTERVAL, 2})},
        {"PNG", encoded(".png")},
        {"lossy WebP", encoded(".webp", {cv::IMWRITE_WEBP_QUALITY, 70})},
        {"lossless WebP", encoded(".webp", {cv::IMWRITE_WEBP_QUALITY, 101})},
        {"BMP", encoded(".bmp")},
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
