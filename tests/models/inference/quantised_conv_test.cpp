#include "models/inference/quantised_conv.hpp"

#include "models/inference/fused_conv.hpp"
#include "models/inference/range_statistics.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <torch/types.h>

namespace kaziranga::models {
namespace {

using torch::Tensor;

/// Whole numbers of -127..127 that QuantisedConv takes as they are: each filter has a 127, and neighbouring channels of
/// the same sign make no more than that together.
Tensor whole_weights(const ConvOptions& conv, bool crowded) {
    const int64_t in = conv.in / conv.groups;
    Tensor weight = torch::randint(-127, 128, {conv.out, in, conv.kernel, conv.kernel}, torch::kFloat32);
    // Were other neighbours added first, such as the second and the third channel, these would overflow.
    if (crowded) weight.fill_(127).slice(1, 0, in, 4).zero_();
    if (crowded && in > 3) weight.slice(1, 3, in, 4).zero_();
    for (int64_t c = 0; c + 1 < in; c += 2) {
        const Tensor first = weight.select(1, c), second = weight.select(1, c + 1);
        const Tensor room = 127 - first.abs();
        second.copy_(at::where(first.sign() == second.sign(), at::minimum(second.abs(), room) * second.sign(), second));
    }
    const int64_t whole = crowded && in > 1 ? 1 : 0;
    weight.select(1, whole).select(1, 0).select(1, 0).fill_(127);
    if (in > 1) weight.select(1, 1 - whole).select(1, 0).select(1, 0).zero_();
    return weight;
}

struct Case {
    std::string name;
    ConvOptions conv;
};

const std::vector<Case> kCases = {
    {"stem", {.in = 3, .out = 32, .kernel = 3, .stride = 2, .padding = Padding::kSame}},
    {"wide_stem", {.in = 3, .out = 64, .kernel = 7, .stride = 2}},
    {"pointwise", {.in = 32, .out = 16}},
    {"projection", {.in = 64, .out = 128, .stride = 2}},
    {"spatial", {.in = 64, .out = 64, .kernel = 3}},
    {"odd_channels", {.in = 5, .out = 7, .kernel = 3}},
    {"depthwise", {.in = 32, .out = 32, .kernel = 3, .groups = 32, .padding = Padding::kSame}},
    {"wide_depthwise", {.in = 48, .out = 48, .kernel = 5, .stride = 2, .groups = 48, .padding = Padding::kSame}},
};

class EveryKindOfConv : public testing::TestWithParam<Case> {};

/// In float64, with the bytes' values.
Tensor exact(const ConvOptions& conv, const Tensor& x, const Tensor& weight, const Tensor& bias) {
    const CentredKernel kernel = centred(conv, weight.to(torch::kFloat64), x.sizes());
    return at::conv2d(x.dequantize().to(torch::kFloat64), kernel.weight, bias.to(torch::kFloat64),
                      {conv.stride, conv.stride}, kernel.padding, {1, 1}, conv.groups);
}

ByteScale range_of(const Tensor& x) {
    return byte_scale(x.min().item<double>(), x.max().item<double>());
}

Tensor quantised(const Tensor& x, ByteScale scale) {
    return at::quantize_per_tensor(x.to(torch::kFloat32).contiguous(at::MemoryFormat::ChannelsLast), scale.scale,
                                   scale.zero, at::kQUInt8);
}

/// The largest difference in bytes; half of one is what rounding may do.
double bytes_between(const Tensor& actual, const Tensor& expected) {
    return (actual.dequantize() - expected).abs().max().item<double>() / actual.q_scale();
}
constexpr double kRounding = 0.51;

TEST_P(EveryKindOfConv, IsTheSumOfItsBytes) {
    const ConvOptions& conv = GetParam().conv;
    torch::manual_seed(3);
    for (const bool crowded : {false, true}) {
        const Tensor weight = whole_weights(conv, crowded) / 512, bias = torch::randn({conv.out});
        for (const bool full : {false, true}) {
            const Tensor pixels =
                full ? torch::full({2, conv.in, 13, 12}, 1.5) : torch::rand({2, conv.in, 13, 12}) * 2.5 - 1;
            const Tensor x = quantised(pixels, byte_scale(-1, 1.5));
            const Tensor sum = exact(conv, x, weight, bias);
            for (const Activation activation : {Activation::kNone, Activation::kRelu, Activation::kRelu6}) {
                const Tensor expected = activate(sum.clone(), activation);
                const QuantisedConv made(conv, weight, bias, torch::zeros({conv.in}), range_of(expected));
                EXPECT_LE(bytes_between(made.forward(x, activation), expected), kRounding)
                    << "crowded " << crowded << ", full " << full << ", activation " << static_cast<int>(activation);
            }
        }
    }
}

TEST_P(EveryKindOfConv, AddsAShortcutOfAnotherScale) {
    const ConvOptions& conv = GetParam().conv;
    torch::manual_seed(4);
    const Tensor weight = whole_weights(conv, false) / 512, bias = torch::randn({conv.out});
    const Tensor x = quantised(torch::rand({2, conv.in, 13, 12}) * 2.5 - 1, byte_scale(-1, 1.5));
    const Tensor sum = exact(conv, x, weight, bias);
    for (const Activation activation : {Activation::kNone, Activation::kRelu}) {
        const Tensor shortcut = quantised(torch::randn(sum.sizes()) * 3, byte_scale(-9, 11));
        const Tensor expected = activate(sum + shortcut.dequantize(), activation);
        const QuantisedConv made(conv, weight, bias, torch::zeros({conv.in}), range_of(expected));
        EXPECT_LE(bytes_between(made.add_to(shortcut, x, activation), expected), kRounding);
    }
}

TEST_P(EveryKindOfConv, RoundedWeightsDoNotShiftTheMean) {
    const ConvOptions& conv = GetParam().conv;
    torch::manual_seed(5);
    const Tensor weight = torch::randn({conv.out, conv.in / conv.groups, conv.kernel, conv.kernel});
    const ByteScale scale = byte_scale(0, 6);
    const Tensor x = quantised(torch::full({1, conv.in, 13, 12}, 6.0), scale);
    // Away from the padding: every place is the same sum.
    const Tensor expected = exact(conv, x, weight, torch::zeros({conv.out})).select(2, 3).select(2, 3).flatten();
    const QuantisedConv made(conv, weight, torch::zeros({conv.out}), torch::full({conv.in}, 6.0), range_of(expected));
    const Tensor y = made.forward(x, Activation::kNone);
    const Tensor found = y.dequantize().select(2, 3).select(2, 3).flatten();
    EXPECT_LE((found - expected).abs().max().item<double>() / y.q_scale(), kRounding);
}

TEST_P(EveryKindOfConv, TakesAnotherSizeAndScaleAndComesBack) {
    const ConvOptions& conv = GetParam().conv;
    torch::manual_seed(6);
    const Tensor weight = whole_weights(conv, false) / 512, bias = torch::zeros({conv.out});
    const QuantisedConv made(conv, weight, bias, torch::zeros({conv.in}), byte_scale(-8, 8));
    for (const int64_t rows : {13, 16, 13}) {
        const auto high = static_cast<double>(rows) / 10;
        const Tensor x = quantised(torch::rand({1, conv.in, rows, 12}), byte_scale(0, high));
        const Tensor expected = exact(conv, x, weight, bias).clamp(-8, 8);
        EXPECT_LE(bytes_between(made.forward(x, Activation::kNone), expected), 1) << rows;
    }
}

INSTANTIATE_TEST_SUITE_P(OfTheNetworks, EveryKindOfConv, testing::ValuesIn(kCases),
                         [](const auto& instance) { return instance.param.name; });

TEST(ByteScale, HoldsZeroExactlyAndBothEnds) {
    for (const auto& [low, high] :
         std::vector<std::pair<double, double>>{{-1, 3}, {0, 6}, {2, 5}, {-4, -1}, {-1e-9, 1e9}}) {
        const ByteScale bytes = byte_scale(low, high);
        EXPECT_GE(bytes.zero, 0);
        EXPECT_LE(bytes.zero, 255);
        EXPECT_NEAR((0 - static_cast<double>(bytes.zero)) * bytes.scale, std::min(low, 0.0), bytes.scale / 2 + 1e-12);
        EXPECT_NEAR((255 - static_cast<double>(bytes.zero)) * bytes.scale, std::max(high, 0.0),
                    bytes.scale / 2 + 1e-12);
    }
    EXPECT_GT(byte_scale(0, 0).scale, 0);
}

TEST(RangeStatistics, AreThoseOfNormalsAfterTheActivation) {
    torch::manual_seed(7);
    const Tensor mean = torch::tensor({-2.0, 0.0, 0.5, 5.0}, torch::kFloat64);
    const Tensor deviation = torch::tensor({1.0, -0.5, 3.0, 2.0}, torch::kFloat64);
    const Moments shortcut{torch::tensor({1.0, -1.0, 0.0, 2.0}, torch::kFloat64),
                           torch::tensor({0.5, 1.0, 2.0, 0.1}, torch::kFloat64)};
    constexpr int64_t kDraws = 1'000'000;
    const Tensor drawn = torch::randn({kDraws, 4}, torch::kFloat64) * deviation + mean;
    const Tensor added = drawn + shortcut.mean + torch::randn({kDraws, 4}, torch::kFloat64) * shortcut.variance.sqrt();
    for (const Activation activation : {Activation::kNone, Activation::kRelu, Activation::kRelu6}) {
        for (const bool with_shortcut : {false, true}) {
            const Moments norm = moments_of_norm(mean, deviation);
            const Moments before = with_shortcut ? sum_of(norm, shortcut) : norm;
            const Moments found = activated(before, activation);
            const Tensor sample = activate(with_shortcut ? added.clone() : drawn.clone(), activation);
            constexpr double kSampling = 0.03;  // more than six standard errors of either
            EXPECT_LE((found.mean - sample.mean(0)).abs().max().item<double>(), kSampling);
            EXPECT_LE((found.variance.sqrt() - sample.std(0)).abs().max().item<double>(), kSampling);
            const ByteScale bytes = range_of(before, activation);
            const double low = -static_cast<double>(bytes.zero) * bytes.scale, high = low + 255 * bytes.scale;
            EXPECT_LE(low, sample.min().item<double>() + bytes.scale);
            EXPECT_GE(high, sample.max().item<double>() - bytes.scale);
        }
    }
}

}  // namespace
}  // namespace kaziranga::models
