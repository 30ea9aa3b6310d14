#include "models/inference/described_conv.hpp"

#include <cmath>
#include <limits>
#include <numbers>

namespace kaziranga::models {
namespace {

using torch::Tensor;

/// How many standard deviations from the mean a channel's bytes reach.
constexpr double kReach = 6;

/// Of a normal distribution's values cut off at low and high. Source: Nagel et al. 2019 (arXiv:1906.04721), appendix C
Tensor clipped(const Tensor& moments, double low, double high) {
    constexpr double kLeastDeviation = 1e-12;
    const Tensor mean = moments.select(0, 0), deviation = moments.select(0, 1).sqrt().clamp_min(kLeastDeviation);
    const auto density = [](const Tensor& z) { return (-z.square() / 2).exp() / std::sqrt(2 * std::numbers::pi); };
    const auto below = [](const Tensor& z) { return (1 + (z / std::numbers::sqrt2).erf()) / 2; };
    const Tensor from = (low - mean) / deviation, to = (high - mean) / deviation;
    const Tensor at_low = below(from), at_high = 1 - below(to), inside = 1 - at_low - at_high;
    const Tensor first = low * at_low + high * at_high + mean * inside + deviation * (density(from) - density(to));
    const Tensor second = low * low * at_low + high * high * at_high + (mean.square() + deviation.square()) * inside +
                          deviation * ((low + mean) * density(from) - (high + mean) * density(to));
    return at::stack({first, (second - first.square()).clamp_min(0)});
}

}  // namespace

DescribedConv::DescribedConv(const Tensor& mean, const Tensor& deviation)
    : moments_(at::stack({mean, deviation.square()}).detach().cpu().to(torch::kFloat64).view({2, -1, 1, 1})) {}

Tensor DescribedConv::forward(const Tensor& x, Activation activation) const {
    return describe(x, moments_, activation);
}

Tensor DescribedConv::add_to(Tensor shortcut, const Tensor& x, Activation activation) const {
    return describe(x, moments_ + shortcut, activation);
}

Tensor DescribedConv::describe(const Tensor& x, const Tensor& moments, Activation activation) const {
    input_mean_ = x.select(0, 0).flatten();
    const Tensor mean = moments.select(0, 0), reach = kReach * moments.select(0, 1).sqrt();
    const double low = (mean - reach).min().item<double>(), high = (mean + reach).max().item<double>();
    switch (activation) {
        case Activation::kRelu:
            output_ = byte_scale(0, high);
            // Nothing is cut off above: as far as squares of it are numbers.
            return clipped(moments, 0, std::numeric_limits<float>::max());
        case Activation::kRelu6:
            output_ = byte_scale(0, kRelu6Limit);
            return clipped(moments, 0, kRelu6Limit);
        case Activation::kNone:
            break;
    }
    output_ = byte_scale(low, high);
    return moments;
}

Tensor image_moments() {
    constexpr int64_t kColours = 3;
    return at::stack({at::zeros({kColours, 1, 1}, torch::kFloat64), at::ones({kColours, 1, 1}, torch::kFloat64)});
}

}  // namespace kaziranga::models
