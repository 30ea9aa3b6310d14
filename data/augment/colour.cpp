#include "data/augment/colour.hpp"

#include "data/augment/pixels.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <numeric>

namespace kaziranga::data {
namespace {

constexpr int kChannels = 3;
constexpr size_t kLevels = 256;
constexpr float kWhite = 255;

/// Lookup table: the new value of each byte. One table per channel.
using Table = std::array<uint8_t, kLevels>;
using Tables = std::array<Table, kChannels>;
using Histogram = std::array<int64_t, kLevels>;

at::Tensor through(const at::Tensor& image, const Tables& tables) {
    const uint8_t* in = pixels_of(image);
    at::Tensor result = unwritten_like(image);
    uint8_t* out = result.mutable_data_ptr<uint8_t>();
    for (int64_t i = 0; i < image.numel(); i += kChannels) {
        for (int c = 0; c < kChannels; ++c) out[i + c] = tables[c][in[i + c]];
    }
    return result;
}

/// Applies the same `change` to the bytes of all channels.
template <class Change>
at::Tensor through(const at::Tensor& image, Change change) {
    Table table;
    for (size_t value = 0; value < kLevels; ++value) table[value] = change(static_cast<uint8_t>(value));
    return through(image, Tables{table, table, table});
}

std::array<Histogram, kChannels> histograms(const at::Tensor& image) {
    const uint8_t* in = pixels_of(image);
    std::array<Histogram, kChannels> counts{};
    for (int64_t i = 0; i < image.numel(); i += kChannels) {
        for (int c = 0; c < kChannels; ++c) ++counts[c][in[i + c]];
    }
    return counts;
}

/// Returns the brightness of a pixel (ITU-R BT.601), truncated to an integer. The second and third product are added
/// without rounding them first, as in LibTorch's kernels: at high saturation factors, an error of 1 would grow tenfold.
float luma(const uint8_t* pixel) {
    const double red = 0.2989F * static_cast<float>(pixel[0]);
    const auto red_green = static_cast<float>(red + static_cast<double>(0.587F) * pixel[1]);
    const auto all = static_cast<float>(red_green + static_cast<double>(0.114F) * pixel[2]);
    return static_cast<float>(static_cast<int>(all));
}

Table stretched(const Histogram& histogram) {
    const auto is_there = [](int64_t count) { return count > 0; };
    const auto lowest = std::find_if(histogram.begin(), histogram.end(), is_there) - histogram.begin();
    const auto highest = histogram.rend() - std::find_if(histogram.rbegin(), histogram.rend(), is_there) - 1;
    Table table;
    std::iota(table.begin(), table.end(), uint8_t{0});
    if (lowest == highest) return table;
    const float scale = static_cast<float>(highest - lowest) * (1.0F / kWhite);
    for (auto value = lowest; value <= highest; ++value) {
        table[static_cast<size_t>(value)] = to_byte(static_cast<float>(value - lowest) / scale);
    }
    return table;
}

/// Pillow's ImageOps.equalize, in integer arithmetic.
Table flattened(const Histogram& histogram) {
    const auto highest = std::find_if(histogram.rbegin(), histogram.rend(), [](int64_t count) { return count > 0; });
    const int64_t pixels = std::accumulate(histogram.begin(), histogram.end(), int64_t{0});
    const int64_t step = (pixels - *highest) / static_cast<int64_t>(kLevels - 1);
    Table table;
    std::iota(table.begin(), table.end(), uint8_t{0});
    if (step == 0) return table;
    int64_t below = step / 2;
    for (size_t value = 0; value < kLevels; ++value) {
        table[value] = static_cast<uint8_t>(std::min<int64_t>(below / step, kLevels - 1));
        below += histogram[value];
    }
    return table;
}

}  // namespace

at::Tensor adjust_brightness(const at::Tensor& image, double factor) {
    const auto ratio = static_cast<float>(factor);
    return through(image, [&](uint8_t value) { return to_byte(static_cast<float>(value) * ratio); });
}

at::Tensor adjust_contrast(const at::Tensor& image, double factor) {
    const uint8_t* in = pixels_of(image);
    double sum = 0;
    for (int64_t i = 0; i < image.numel(); i += kChannels) sum += luma(in + i);
    const double mean = sum * kChannels / static_cast<double>(image.numel());
    const auto ratio = static_cast<float>(factor);
    const auto grey = static_cast<float>(mean * (1 - factor));
    return through(image, [&](uint8_t value) { return to_byte(static_cast<float>(value) * ratio + grey); });
}

at::Tensor adjust_saturation(const at::Tensor& image, double factor) {
    const auto ratio = static_cast<float>(factor), rest = static_cast<float>(1 - factor);
    const uint8_t* in = pixels_of(image);
    at::Tensor result = unwritten_like(image);
    uint8_t* out = result.mutable_data_ptr<uint8_t>();
    for (int64_t i = 0; i < image.numel(); i += kChannels) {
        const float grey = rest * luma(in + i);
        for (int c = 0; c < kChannels; ++c) out[i + c] = to_byte(static_cast<float>(in[i + c]) * ratio + grey);
    }
    return result;
}

at::Tensor adjust_hue(const at::Tensor& image, double turn) {
    constexpr float kToByte = 255.999F / kWhite;  // torchvision converts [0, 1] to bytes by truncating 255.999 x
    // Sectors of the colour circle: red at 0, green at 2, blue at 4. In each sector, one channel is the highest (0),
    // one is the lowest (2) and one is between them (1).
    constexpr int kSectors = 6;
    constexpr uint8_t kRank[kSectors][kChannels] = {{0, 1, 2}, {1, 0, 2}, {2, 0, 1}, {2, 1, 0}, {1, 2, 0}, {0, 2, 1}};
    std::array<float, kLevels> inverse{};
    for (size_t range = 1; range < kLevels; ++range) inverse[range] = 1.0F / static_cast<float>(range);
    // Adding a full turn keeps the hue positive.
    const auto shift = static_cast<float>((turn < 0 ? turn + 2 : turn + 1) * kSectors);

    const uint8_t* in = pixels_of(image);
    at::Tensor result = unwritten_like(image);
    uint8_t* out = result.mutable_data_ptr<uint8_t>();
    for (int64_t i = 0; i < image.numel(); i += kChannels) {
        const int red = in[i], green = in[i + 1], blue = in[i + 2];
        const int highest = std::max({red, green, blue}), lowest = std::min({red, green, blue});
        const int range = highest - lowest;
        const int nearest = highest == red ? 0 : highest == green ? 2 : 4;
        const int beyond = highest == red ? green - blue : highest == green ? blue - red : red - green;
        const float hue =
            shift + static_cast<float>(nearest) + static_cast<float>(beyond) * inverse[static_cast<size_t>(range)];
        const int sector = static_cast<int>(hue);
        const float within = hue - static_cast<float>(sector);
        const float climbed = static_cast<float>(range) * (sector % 2 == 0 ? within : 1 - within);
        const uint8_t between = to_byte((static_cast<float>(lowest) + climbed) * kToByte);
        const uint8_t values[kChannels] = {static_cast<uint8_t>(highest), between, static_cast<uint8_t>(lowest)};
        for (int c = 0; c < kChannels; ++c) out[i + c] = values[kRank[sector % kSectors][c]];
    }
    return result;
}

at::Tensor adjust_sharpness(const at::Tensor& image, double factor) {
    constexpr int kCentre = 5, kWeights = 8 + kCentre;  // weights of the middle pixel and of all nine pixels
    const uint8_t* in = pixels_of(image);
    const int64_t height = image.size(0), stride = image.size(1) * kChannels;
    const auto rest = static_cast<float>(1 - factor);
    at::Tensor result = unwritten_like(image);
    uint8_t* out = result.mutable_data_ptr<uint8_t>();
    std::memcpy(out, in, result.nbytes());
    for (int64_t y = 1; y < height - 1; ++y) {
        const uint8_t *row = in + y * stride, *above = row - stride, *below = row + stride;
        uint8_t* sharp = out + y * stride;
        for (int64_t x = kChannels; x < stride - kChannels; ++x) {
            int sum = row[x] * (kCentre - 1);
            for (const uint8_t* line : {above, row, below}) sum += line[x - kChannels] + line[x] + line[x + kChannels];
            const int blurred = (2 * sum + kWeights) / (2 * kWeights);
            sharp[x] = to_byte(static_cast<float>(row[x]) + rest * static_cast<float>(blurred - row[x]));
        }
    }
    return result;
}

at::Tensor posterize(const at::Tensor& image, int bits) {
    const auto mask = static_cast<uint8_t>(0xFF << (8 - bits));
    return through(image, [&](uint8_t value) { return static_cast<uint8_t>(value & mask); });
}

at::Tensor solarize(const at::Tensor& image, double threshold) {
    const auto bound = static_cast<float>(threshold);
    return through(image, [&](uint8_t value) { return value >= bound ? static_cast<uint8_t>(~value) : value; });
}

at::Tensor autocontrast(const at::Tensor& image) {
    Tables tables;
    std::ranges::transform(histograms(image), tables.begin(), stretched);
    return through(image, tables);
}

at::Tensor equalize(const at::Tensor& image) {
    Tables tables;
    std::ranges::transform(histograms(image), tables.begin(), flattened);
    return through(image, tables);
}

}  // namespace kaziranga::data
