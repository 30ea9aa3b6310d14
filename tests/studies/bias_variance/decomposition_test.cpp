#include "studies/bias_variance/decomposition.hpp"

#include "studies/common/draws.hpp"

#include <vector>

#include <ATen/ops/ones.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/where.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>
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
    return squared_parts(predictions, truth, labels(40), at::stack({labels(50).flatten(), labels(50).flatten()}));
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
        bias += holds_truth(p.bias2.interval(0.95), 0.25);
        variance += holds_truth(p.variance.interval(0.95), 0.04);
        noise += holds_truth(p.noise_interval(0.95), 0.09);
        gap += holds_truth(p.gap(0.95), 0);
        bias_sum += p.bias2.value / kDraws;
        gap_sum += p.gap(0.95).mean / kDraws;
        EXPECT_NEAR(p.error.value, 0.38, 0.03);
    }
    EXPECT_NEAR(bias_sum, 0.25, 0.002);
    EXPECT_NEAR(gap_sum, 0, 0.002);
    for (const int inside : {bias, variance, noise, gap}) {
        EXPECT_GE(inside, 50);
        EXPECT_LE(bias + variance, 2 * kDraws);
    }
}

/// What the comment says the sum cannot check: it adds up for predictions that nobody trained.
TEST(SquaredParts, AddUpToTheDistanceFromTheTruthForWhateverPredictions) {
    const at::Generator from = generator(8, {});
    const Tensor truth = normal({50}, from), predictions = 5 * normal({10, 50}, from).exp();
    const SquaredParts p = squared_parts(predictions, truth, normal({10, 50}, from), normal({2, 50}, from));
    const double apart = mean_of((predictions - truth).square());
    EXPECT_NEAR((p.bias2.value + p.variance.value) / apart, 1, 1e-12);
}

TEST(SquaredParts, SayWhatAFewLearnersCarry) {
    const at::Generator from = generator(9, {});
    Tensor predictions = normal({100, 50}, from);
    const Tensor truth = normal({50}, from), labels = normal({100, 50}, from), pairs = normal({2, 50}, from);
    const double usual = squared_parts(predictions, truth, labels, pairs).farthest_share;
    EXPECT_GT(usual, 0.05);
    EXPECT_LT(usual, 0.1);
    predictions[3] += 100;
    EXPECT_GT(squared_parts(predictions, truth, labels, pairs).farthest_share, 0.9);
}

/// Two settings whose learners share what scatters differ by less than each of them does.
TEST(Estimate, OfTheSameTrainingSetsIsPaired) {
    const at::Generator from = generator(10, {});
    const Tensor truth = normal({80}, from), shared = normal({60, 1}, from).expand({60, 80});
    const Tensor labels = normal({60, 80}, from), pairs = normal({2, 50}, from);
    const SquaredParts a = squared_parts(truth + 0.5 + shared, truth, labels, pairs),
                       b = squared_parts(truth + 0.6 + shared * 1.02, truth, labels, pairs);
    const evaluation::Interval paired = (b.variance - a.variance).interval(0.95);
    EXPECT_NEAR(paired.mean, 0.0404 * a.variance.value, 1e-9);
    EXPECT_LT(paired.half_width,
              0.1 * evaluation::difference(a.variance.interval(0.95), b.variance.interval(0.95)).half_width);
}

TEST(ZeroOneParts, AddUpPlaceByPlace) {
    // Four learners at three places: all right; right but for one; wrong but for one.
    const Tensor predictions = at::tensor({0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 2, 1}, at::kLong).view({4, 3});
    const Tensor labels = at::tensor({0, 1, 1}, at::kLong);
    const ZeroOneParts parts = zero_one_parts(predictions, labels, 3);
    EXPECT_TRUE(at::equal(parts.bias, at::tensor({0.0, 0.0, 1.0}, at::kDouble)));
    EXPECT_TRUE(at::equal(parts.unbiased_variance, at::tensor({0.0, 0.25, 0.0}, at::kDouble)));
    EXPECT_TRUE(at::equal(parts.helpful_variance, at::tensor({0.0, 0.0, 0.25}, at::kDouble)));
    EXPECT_TRUE(at::equal(parts.error, parts.bias + parts.unbiased_variance - parts.helpful_variance));
    EXPECT_DOUBLE_EQ(mean_of(parts.error), 1.0 / 3);
}

struct World {
    double learners;  ///< how much they differ in how good they are
    int64_t groups;   ///< of places, which differ in how often a learner is right there
    int64_t group;    ///< places in each
};
class Resampling : public testing::TestWithParam<World> {};

/// A resample in which everything is drawn once is the estimate; and intervals cover what new learners and new places
/// bring, whichever of the two matters more.
TEST_P(Resampling, OfLearnersAndPlacesGivesHonestIntervals) {
    constexpr int64_t kLearners = 30, kClasses = 3;
    constexpr int kDraws = 60;
    const auto [spread, groups, group] = GetParam();
    const int64_t places = groups * group;
    const Tensor labels = at::zeros({places}, at::kLong);
    const Resamples once{at::ones({1, kLearners}, at::kDouble), at::ones({1, places}, at::kDouble)};
    std::vector<evaluation::Interval> intervals;
    double mean = 0;
    for (int i = 0; i < kDraws; ++i) {
        const at::Generator from = generator(11, {static_cast<uint64_t>(i)});
        const Tensor right =
            uniform({groups}, 0, 1, from).repeat_interleave(group) + spread * normal({kLearners, 1}, from);
        const Tensor wrong = 1 + (uniform({kLearners, places}, 0, 1, from) < 0.5).to(at::kLong);
        const Tensor predictions =
            at::where(uniform({kLearners, places}, 0, 1, from) < right, at::zeros_like(wrong), wrong);
        const ZeroOneParts parts = zero_one_parts(predictions, labels, kClasses);
        const ZeroOneParts same = resampled(predictions, labels, kClasses, once);
        EXPECT_NEAR(same.bias.item<double>(), mean_of(parts.bias), 1e-12);
        EXPECT_NEAR(same.unbiased_variance.item<double>(), mean_of(parts.unbiased_variance), 1e-12);
        EXPECT_NEAR(same.helpful_variance.item<double>(), mean_of(parts.helpful_variance), 1e-12);
        EXPECT_NEAR(same.error.item<double>(), mean_of(parts.error), 1e-12);
        const ZeroOneParts many =
            resampled(predictions, labels, kClasses, draw_resamples(kLearners, places, group, from));
        intervals.push_back(bootstrap_interval(mean_of(parts.error), many.error, 0.95));
        mean += mean_of(parts.error) / kDraws;
    }
    int inside = 0;
    for (const evaluation::Interval& i : intervals) inside += i.low() <= mean && mean <= i.high();
    EXPECT_GE(inside, 51);
    EXPECT_LT(intervals[0].half_width, 0.15);
}

INSTANTIATE_TEST_SUITE_P(Worlds, Resampling, testing::Values(World{0.3, 60, 1}, World{0, 40, 1}, World{0.1, 25, 4}));

}  // namespace
}  // namespace kaziranga::studies
