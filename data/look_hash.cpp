#include "data/look_hash.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>

#include <c10/util/Exception.h>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace kaziranga::data {

std::optional<LookHash> look_hash(const at::Tensor& image) {
    constexpr int kSide = 64, kFrequencies = 16;
    constexpr double kOneShade = 1;  // standard deviation of grey values, 0 to 255
    TORCH_CHECK(image.is_contiguous() && image.size(2) == 3, "an image [H, W, 3]");
    // OpenCV's type takes pointers to bytes that it could change; it does not.
    const cv::Mat whole(static_cast<int>(image.size(0)), static_cast<int>(image.size(1)), CV_8UC3,
                        const_cast<uint8_t*>(image.const_data_ptr<uint8_t>()));
    cv::Mat small, grey, values, spectrum;
    cv::resize(whole, small, {kSide, kSide}, 0, 0, cv::INTER_AREA);
    cv::cvtColor(small, grey, cv::COLOR_RGB2GRAY);
    cv::Scalar mean, deviation;
    cv::meanStdDev(grey, mean, deviation);
    if (deviation[0] < kOneShade) return std::nullopt;
    grey.convertTo(values, CV_32F);
    cv::dct(values, spectrum);

    std::array<float, size_t{kFrequencies} * kFrequencies - 1> low{};
    for (size_t i = 0; i < low.size(); ++i) {
        const auto place = static_cast<int>(i) + 1;  // without the mean
        low[i] = spectrum.at<float>(place / kFrequencies, place % kFrequencies);
    }
    std::array<float, low.size()> sorted = low;
    const auto middle = sorted.begin() + sorted.size() / 2;
    std::nth_element(sorted.begin(), middle, sorted.end());
    LookHash hash{};
    for (size_t i = 0; i < low.size(); ++i) {
        if (low[i] > *middle) hash[i / 64] |= uint64_t{1} << (i % 64);
    }
    return hash;
}

int distance(const LookHash& a, const LookHash& b) {
    int bits = 0;
    for (size_t i = 0; i < a.size(); ++i) bits += std::popcount(a[i] ^ b[i]);
    return bits;
}

}  // namespace kaziranga::data
