#include "data/augment/geometry.hpp"

#include "data/augment/pixels.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>

namespace kaziranga::data {
namespace {

constexpr int64_t kChannels = 3;

/// Affine map from the pixel (x, y) of the result to its position in the source image:
/// (xx * x + xy * y + x0, yx * x + yy * y + y0). Both are measured from the middle of the image, in pixels.
struct Origin {
    double xx = 1, xy = 0, x0 = 0;
    double yx = 0, yy = 1, y0 = 0;
};

// Integers are several times faster than floats here. Positions are in units of 2^-32 pixels, weights in 2^-11.
constexpr int kPlaceBits = 32, kWeightBits = 11;
constexpr int kSumBits = 2 * kWeightBits;
constexpr int kOne = 1 << kWeightBits;

int64_t to_place(double pixels) {
    return std::llround(std::ldexp(pixels, kPlaceBits));
}

int weight_of(int64_t place) {
    return static_cast<int>(place >> (kPlaceBits - kWeightBits)) & (kOne - 1);
}

/// The pixels of an image. Pixels outside it are black.
struct Source {
    const uint8_t* pixels;
    int64_t height, width;

    /// Interpolates bilinearly between the four pixels around (x, y).
    void sample(int64_t x, int64_t y, uint8_t* out) const {
        const int64_t left = x >> kPlaceBits, top = y >> kPlaceBits;
        const int right_share = weight_of(x), lower_share = weight_of(y);
        constexpr int kHalf = 1 << (kSumBits - 1);  // rounds to nearest before the shift
        int sum[kChannels] = {kHalf, kHalf, kHalf};
        const auto add = [&](int64_t row, int64_t column, int weight) {
            if (row < 0 || row >= height || column < 0 || column >= width) return;
            const uint8_t* pixel = pixels + (row * width + column) * kChannels;
            for (int64_t c = 0; c < kChannels; ++c) sum[c] += weight * pixel[c];
        };
        add(top, left, (kOne - lower_share) * (kOne - right_share));
        add(top, left + 1, (kOne - lower_share) * right_share);
        add(top + 1, left, lower_share * (kOne - right_share));
        add(top + 1, left + 1, lower_share * right_share);
        for (int64_t c = 0; c < kChannels; ++c) out[c] = static_cast<uint8_t>(sum[c] >> kSumBits);
    }
};

at::Tensor sampled(const at::Tensor& image, const Origin& origin) {
    const Source source{pixels_of(image), image.size(0), image.size(1)};
    const double middle_x = static_cast<double>(source.width - 1) / 2;
    const double middle_y = static_cast<double>(source.height - 1) / 2;
    const int64_t step_x = to_place(origin.xx), step_y = to_place(origin.yx);
    at::Tensor result = unwritten_like(image);
    uint8_t* out = result.mutable_data_ptr<uint8_t>();
    for (int64_t row = 0; row < source.height; ++row) {
        const double down = static_cast<double>(row) - middle_y;
        int64_t x = to_place(origin.xy * down - origin.xx * middle_x + origin.x0 + middle_x);
        int64_t y = to_place(origin.yy * down - origin.yx * middle_x + origin.y0 + middle_y);
        for (int64_t column = 0; column < source.width; ++column, out += kChannels, x += step_x, y += step_y) {
            source.sample(x, y, out);
        }
    }
    return result;
}

/// Returns a copy shifted by whole pixels; uncovered pixels are black.
at::Tensor shifted(const at::Tensor& image, int64_t right, int64_t down) {
    const uint8_t* in = pixels_of(image);
    const int64_t height = image.size(0), width = image.size(1);
    const int64_t columns = width - std::min(std::abs(right), width);
    at::Tensor result = unwritten_like(image);
    uint8_t* out = result.mutable_data_ptr<uint8_t>();
    std::memset(out, 0, result.nbytes());
    for (int64_t y = std::max<int64_t>(down, 0); y < std::min(height, height + down); ++y) {
        std::memcpy(out + (y * width + std::max<int64_t>(right, 0)) * kChannels,
                    in + ((y - down) * width + std::max<int64_t>(-right, 0)) * kChannels,
                    static_cast<size_t>(columns * kChannels));
    }
    return result;
}

}  // namespace

void flip_left_right(at::Tensor& image) {
    pixels_of(image);
    const int64_t width = image.size(1);
    uint8_t* row = image.mutable_data_ptr<uint8_t>();
    for (int64_t y = 0; y < image.size(0); ++y, row += width * kChannels) {
        for (int64_t a = 0, b = width - 1; a < b; ++a, --b) {
            std::swap_ranges(row + a * kChannels, row + (a + 1) * kChannels, row + b * kChannels);
        }
    }
}

void flip_top_bottom(at::Tensor& image) {
    pixels_of(image);
    const int64_t stride = image.size(1) * kChannels;
    uint8_t* rows = image.mutable_data_ptr<uint8_t>();
    for (int64_t a = 0, b = image.size(0) - 1; a < b; ++a, --b) {
        std::swap_ranges(rows + a * stride, rows + (a + 1) * stride, rows + b * stride);
    }
}

at::Tensor shear_x(const at::Tensor& image, double slope) {
    return sampled(image, {.xy = slope, .x0 = slope * static_cast<double>(image.size(0)) / 2});
}

at::Tensor shear_y(const at::Tensor& image, double slope) {
    return sampled(image, {.yx = slope, .y0 = slope * static_cast<double>(image.size(1)) / 2});
}

at::Tensor translate_x(const at::Tensor& image, int64_t pixels) {
    return shifted(image, pixels, 0);
}

at::Tensor translate_y(const at::Tensor& image, int64_t pixels) {
    return shifted(image, 0, pixels);
}

at::Tensor rotate(const at::Tensor& image, double degrees) {
    const double angle = degrees * std::numbers::pi / 180;
    const double cosine = std::cos(angle), sine = std::sin(angle);
    return sampled(image, {.xx = cosine, .xy = -sine, .yx = sine, .yy = cosine});
}

}  // namespace kaziranga::data
