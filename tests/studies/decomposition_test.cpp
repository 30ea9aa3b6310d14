#include "studies/decomposition.hpp"

#include "studies/draws.hpp"

#include <ATen/ops/stack.h>
#include <ATen/ops/tensor.h>
#include <gtest/gtest.h>

namespace kaziranga::studies {
namespace {

using at::Tensor;

double mean_of(const Tensor& x) {
    return x.mean().item<double>();
}

/// Learners that are off by 0.5 and scatter by 0.2 about that, labels with noise of 0.3.
SquaredParts parts_of(uint64_t draw) {
    const at::Generator from = generator(7, {draw});
    const Tensor truth = normal({150}, from);
    const Tensor predictions = truth + 0.5 + 0.2 * normal({40, 150}, from);
    const auto labels = [&](int64_t rows) { return truth + 0.3 * normal({rows, 150}, from); };
    return squared_parts(predictions, truth, labels(40), at::stack({labels(50).flatten(), labels(50).flatten()}), 0.95);
}

/// Over many draws the estimates scatter about the truth, and their intervals hold it about as often as they say.
TEST(SquaredParts, AreEstimatedWithoutBiasAndWithHonestIntervals) {
    constexpr int kDraws = 60;
    int bias = 0, variance = 0, noise = 0, gap = 0;
    double bias_sum = 0, gap_sum = 0;
    const auto holds_truth = [](const evaluation::Interval& i, double truth) {
        return i.low() <= truth && truth <= i.high();
    };
    for (int draw = 0; draw < kDraws; ++draw) {
        const SquaredParts p = parts_of(static_cast<uint64_t>(draw));
        bias += holds_truth(p.bias2, 0.25);
        variance += holds_truth(p.variance, 0.04);
        noise += holds_truth(p.noise, 0.09);
        gap += holds_truth(p.gap, 0);
        bias_sum += p.bias2.mean / kDraws;
        gap_sum += p.gap.mean / kDraws;
        EXPECT_NEAR(p.error.mean, 0.38, 0.03);
    }
    EXPECT_NEAR(bias_sum, 0.25, 0.002);
    EXPECT_NEAR(gap_sum, 0, 0.002);
    for (const int inside : {bias, variance, noise, gap}) {
        EXPECT_GE(inside, 50);
        EXPECT_LE(bias + variance, 2 * kDraws);
    }
}

TEST(ZeroOneParts, AddUpPlaceByPlace) {
    // Four learners at three places: all right; right but for one; wrong but for one.
    const Tensor predictions = at::tensor({0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 2, 1}, at::kLong).view({4, 3});
    const Tensor labels = at::tensor({0, 1, 1}, at::kLong);
    const ZeroOneParts parts = zero_one_parts(predictions, labels);
    EXPECT_TRUE(at::equal(parts.bias, at::tensor({0.0, 0.0, 1.0}, at::kDouble)));
    EXPECT_TRUE(at::equal(parts.unbiased_variance, at::tensor({0.0, 0.25, 0.0}, at::kDouble)));
    EXPECT_TRUE(at::equal(parts.helpful_variance, at::tensor({0.0, 0.0, 0.25}, at::kDouble)));
    EXPECT_TRUE(at::equal(parts.error, parts.bias + parts.unbiased_variance - parts.helpful_variance));
    EXPECT_DOUBLE_EQ(mean_of(parts.error), 1.0 / 3);
}

}  // namespace
}  // namespace kaziranga::studies
