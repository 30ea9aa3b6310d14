#include "models/inference/range_statistics.hpp"

#include <cmath>
#include <limits>
#include <numbers>

namespace kaziranga::models {
namespace {

using torch::Tensor;

/// The bytes of a channel cover this many standard deviations on each side of the mean.
constexpr double kReach = 6;

/// Moments of a normal distribution clipped at low, high. Source: Nagel et al. 2019 (arXiv:1906.04721), appendix C
Moments clipped(const Moments& moments, double low, double high) {
    constexpr double kLeastDeviation = 1e-12;
    const Tensor &mean = moments.mean, deviation = moments.variance.sqrt().clamp_min(kLeastDeviation);
    const auto density = [](const Tensor& z) { return (-z.square() / 2).exp() / std::sqrt(2 * std::numbers::pi); };
    const auto below = [](const Tensor& z) { return (1 + (z / std::numbers::sqrt2).erf()) / 2; };
    const Tensor from = (low - mean) / deviation, to = (high - mean) / deviation;
    const Tensor at_low = below(from), at_high = 1 - below(to), inside = 1 - at_low - at_high;
    const Tensor first = low * at_low + high * at_high + mean * inside + deviation * (density(from) - density(to));
    const Tensor second = low * low * at_low + high * high * at_high + (mean.square() + deviation.square()) * inside +
                          deviation * ((low + mean) * density(from) - (high + mean) * density(to));
    return {first, (second - first.square()).clamp_min(0)};
}

}  // namespace

Moments image_moments() {
    constexpr int64_t kColours = 3;
    return {at::zeros({kColours}, torch::kFloat64), at::ones({kColours}, torch::kFloat64)};
}

Moments moments_of_norm(const Tensor& mean, const Tensor& deviation) {
    const auto here = [](const Tensor& values) { return values.detach().cpu().to(torch::kFloat64); };
    return {here(mean), here(deviation.detach().square())};
}

Moments sum_of(const Moments& a, const Moments& b) {
    return {a.mean + b.mean, a.variance + b.variance};
}

Moments activated(const Moments& before, Activation activation) {
    switch (activation) {
        case Activation::kRelu:
            // There is no upper limit; the largest float stands for it, because its square is still finite.
            return clipped(before, 0, std::numeric_limits<float>::max());
        case Activation::kRelu6:
            return clipped(before, 0, kRelu6Limit);
        case Activation::kNone:
            break;
    }
    return before;
}

ByteScale range_of(const Moments& before, Activation activation) {
    const Tensor reach = kReach * before.variance.sqrt();
    const double low = (before.mean - reach).min().item<double>(), high = (before.mean + reach).max().item<double>();
    switch (activation) {
        case Activation::kRelu:
            return byte_scale(0, high);
        case Activation::kRelu6:
            return byte_scale(0, kRelu6Limit);
        case Activation::kNone:
            break;
    }
    return byte_scale(low, high);
}

}  // namespace kaziranga::models
