#include "data/augment/draws.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace kaziranga::data {
namespace {

/// Number of operations in both policies. All have the same probability.
constexpr int64_t kPolicyOperations = 14;

/// The largest parameters of a policy. Parameters with a sign use both signs.
struct Extremes {
    double slope, pixels_across, pixels_down, degrees, factor;
    int lost_bits;
};

/// Returns level `bin` of a scale from `first` to `last`, in single precision like torch.linspace. With other rounding,
/// truncated pixels and thresholds could differ by one.
double level(double first, double last, int64_t bin) {
    const auto low = static_cast<float>(first), high = static_cast<float>(last);
    const double step = (high - low) / static_cast<float>(kMagnitudeBins - 1);
    return bin < kMagnitudeBins / 2 ? static_cast<float>(low + step * static_cast<double>(bin))
                                    : static_cast<float>(high - step * static_cast<double>(kMagnitudeBins - 1 - bin));
}

Step step_of(Operation operation, int64_t bin, const Extremes& extremes, core::RandomStream& stream) {
    constexpr double kBits = 8, kWhite = 255;
    const auto either_way = [&](double largest) {
        const double magnitude = level(0, largest, bin);
        return stream.uniform() < 0.5 ? -magnitude : magnitude;
    };
    switch (operation) {
        case Operation::kShearX:
        case Operation::kShearY:
            return {operation, either_way(extremes.slope)};
        case Operation::kTranslateX:
            return {operation, std::trunc(either_way(extremes.pixels_across))};
        case Operation::kTranslateY:
            return {operation, std::trunc(either_way(extremes.pixels_down))};
        case Operation::kRotate:
            return {operation, either_way(extremes.degrees)};
        case Operation::kBrightness:
        case Operation::kSaturation:
        case Operation::kContrast:
        case Operation::kSharpness:
            return {operation, 1.0 + either_way(extremes.factor)};
        case Operation::kPosterize:
            return {operation, std::nearbyint(kBits - static_cast<double>(bin * extremes.lost_bits) /
                                                          static_cast<double>(kMagnitudeBins - 1))};
        case Operation::kSolarize:
            return {operation, kWhite * level(1, 0, bin)};
        default:
            return {operation, 0};
    }
}

Operation draw_operation(core::RandomStream& stream) {
    return static_cast<Operation>(stream.below(kPolicyOperations));
}

}  // namespace

std::vector<Step> draw_jitter(const AugmentOptions& options, core::RandomStream& stream) {
    std::vector<Step> steps;
    const auto add_factor = [&](Operation operation, double strength) {
        if (strength > 0) steps.push_back({operation, stream.uniform(std::max(0.0, 1 - strength), 1 + strength)});
    };
    add_factor(Operation::kBrightness, options.brightness);
    add_factor(Operation::kContrast, options.contrast);
    add_factor(Operation::kSaturation, options.saturation);
    if (options.hue > 0) steps.push_back({Operation::kHue, stream.uniform(-options.hue, options.hue)});
    for (size_t i = steps.size(); i > 1; --i) std::swap(steps[i - 1], steps[stream.below(i)]);
    return steps;
}

Step draw_trivial(core::RandomStream& stream) {
    constexpr Extremes kWide = {
        .slope = 0.99, .pixels_across = 32, .pixels_down = 32, .degrees = 135, .factor = 0.99, .lost_bits = 6};
    const Operation operation = draw_operation(stream);
    const auto bin = static_cast<int64_t>(stream.below(kMagnitudeBins));
    return step_of(operation, bin, kWide, stream);
}

Step draw_randaugment(int64_t height, int64_t width, int64_t magnitude, core::RandomStream& stream) {
    constexpr double kFarthest = 150.0 / 331.0;
    const Extremes extremes = {.slope = 0.3,
                               .pixels_across = kFarthest * static_cast<double>(width),
                               .pixels_down = kFarthest * static_cast<double>(height),
                               .degrees = 30,
                               .factor = 0.9,
                               .lost_bits = 4};
    return step_of(draw_operation(stream), magnitude, extremes, stream);
}

std::optional<Box> draw_erased_box(int64_t height, int64_t width, core::RandomStream& stream) {
    constexpr int kTries = 10;
    constexpr double kSmallest = 0.02, kLargest = 0.33;
    constexpr double kFlattest = 0.3, kTallest = 3.3;
    for (int i = 0; i < kTries; ++i) {
        const double area = static_cast<double>(height * width) * stream.uniform(kSmallest, kLargest);
        const double ratio = std::exp(stream.uniform(std::log(kFlattest), std::log(kTallest)));
        const auto h = static_cast<int64_t>(std::nearbyint(std::sqrt(area * ratio)));
        const auto w = static_cast<int64_t>(std::nearbyint(std::sqrt(area / ratio)));
        if (h >= height || w >= width) continue;
        const auto top = static_cast<int64_t>(stream.below(static_cast<uint64_t>(height - h + 1)));
        const auto left = static_cast<int64_t>(stream.below(static_cast<uint64_t>(width - w + 1)));
        return Box{top, left, h, w};
    }
    return std::nullopt;
}

}  // namespace kaziranga::data
