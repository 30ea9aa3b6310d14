#include "studies/bias_variance/line_fit.hpp"

#include "studies/common/draws.hpp"

#include <cmath>
#include <numbers>
#include <utility>

#include <ATen/ops/arange.h>
#include <gtest/gtest.h>

namespace kaziranga::studies {
namespace {

using at::Tensor;

double wave(double x) {
    return std::sin(2 * std::numbers::pi * x) + 0.5 * std::sin(6 * std::numbers::pi * x);
}

/// Against lines fitted to drawn points, by the textbook's formula.
TEST(ExpectedLine, IsTheMeanOfManyFits) {
    for (const auto& [points, weight_decay] : {std::pair<int64_t, double>{8, 0}, {40, 0}, {40, 0.1}}) {
        constexpr int64_t kFits = 100'000;
        const at::Generator from = generator(10, {static_cast<uint64_t>(points)});
        const Tensor x = uniform({kFits, points}, 0, 1, from);
        const Tensor t =
            (2 * std::numbers::pi * x).sin() + 0.5 * (6 * std::numbers::pi * x).sin() + 0.3 * normal(x.sizes(), from);
        const Tensor along = x - x.mean(1, true);
        const Tensor slope = (along * t).sum(1) / (along.square().sum(1) + static_cast<double>(points) * weight_decay);
        const Tensor height = t.mean(1) + slope * (0.5 - x.mean(1));
        const ExpectedLine line = expected_line({wave, points, 0.3, weight_decay}, 200);
        const double error = 4 / std::sqrt(static_cast<double>(kFits));  // four standard errors
        EXPECT_NEAR(line.slope, slope.mean().item<double>(), error * slope.std().item<double>());
        const Tensor spread = (at::arange(200, at::kDouble) - 99.5).div(200).square().mean();
        const Tensor off = (height - height.mean()).square() + (slope - slope.mean()).square() * spread;
        EXPECT_NEAR(line.variance, off.mean().item<double>(), error * off.std().item<double>());
    }
}

/// Many points: the mean line is the projection of the truth on lines, slope 12 ∫ (x - 1/2) f = -7 / π.
TEST(ExpectedLine, OfManyPointsIsTheProjection) {
    const ExpectedLine line = expected_line({wave, 5000, 0.3, 0}, 200);
    const double slope = -7 / std::numbers::pi;
    EXPECT_NEAR(line.slope, slope, 1e-3);
    EXPECT_NEAR(line.bias2, 0.625 - slope * slope / 12, 2e-4);
    EXPECT_NEAR(line.variance, 0, 2e-4);
}

}  // namespace
}  // namespace kaziranga::studies
