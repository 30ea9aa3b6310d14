#include "core/random.hpp"

#include <cmath>
#include <set>

#include <gtest/gtest.h>

namespace kaziranga::core {
namespace {

TEST(RandomStream, IsAFunctionOfSeedPurposeAndCounters) {
    const auto first = [](uint64_t seed, Purpose purpose, std::initializer_list<uint64_t> counters) {
        return RandomStream(seed, purpose, counters)();
    };
    const std::set<uint64_t> different = {
        first(0, Purpose::kView, {}),     first(1, Purpose::kView, {}),     first(0, Purpose::kShots, {}),
        first(0, Purpose::kView, {0}),    first(0, Purpose::kView, {0, 0}), first(0, Purpose::kView, {1, 0}),
        first(0, Purpose::kView, {0, 1}),
    };
    EXPECT_EQ(different.size(), 7U);
    EXPECT_EQ(first(3, Purpose::kView, {4, 5}), first(3, Purpose::kView, {4, 5}));
}

TEST(RandomStream, NeverChanges) {
    // Every result rests on these numbers: a change of the generator must be seen.
    RandomStream stream(7, Purpose::kTest, {1, 2});
    const uint64_t a = stream(), b = stream();
    RandomStream again(7, Purpose::kTest, {1, 2});
    EXPECT_EQ(again(), a);
    EXPECT_EQ(again(), b);
    EXPECT_NE(a, b);
}

TEST(RandomStream, UniformNumbersFillTheInterval) {
    RandomStream stream(0, Purpose::kTest);
    constexpr int kDraws = 100'000;
    double sum = 0, squares = 0;
    for (int i = 0; i < kDraws; ++i) {
        const double u = stream.uniform();
        ASSERT_GE(u, 0.0);
        ASSERT_LT(u, 1.0);
        sum += u;
        squares += u * u;
    }
    EXPECT_NEAR(sum / kDraws, 0.5, 0.005);
    EXPECT_NEAR(squares / kDraws, 1.0 / 3, 0.005);
}

TEST(RandomStream, NormalNumbersHaveMeanZeroAndVarianceOne) {
    RandomStream stream(0, Purpose::kTest);
    constexpr int kDraws = 100'000;
    double sum = 0, squares = 0;
    for (int i = 0; i < kDraws; ++i) {
        const double z = stream.normal();
        sum += z;
        squares += z * z;
    }
    EXPECT_NEAR(sum / kDraws, 0, 0.02);
    EXPECT_NEAR(squares / kDraws, 1, 0.03);
}

TEST(RandomStream, BelowHitsEveryValueEqually) {
    RandomStream stream(0, Purpose::kTest);
    std::vector<int> hits(7, 0);
    for (int i = 0; i < 70'000; ++i) ++hits[stream.below(7)];
    for (const int count : hits) EXPECT_NEAR(count, 10'000, 500);
}

TEST(Permutation, HoldsEveryNumberOnce) {
    for (const int64_t count : {0, 1, 2, 100}) {
        const auto order = permutation(count, RandomStream(1, Purpose::kTest));
        EXPECT_EQ(std::set<int64_t>(order.begin(), order.end()).size(), static_cast<size_t>(count));
        for (const int64_t i : order) EXPECT_TRUE(i >= 0 && i < count);
    }
    EXPECT_NE(permutation(100, {1, Purpose::kTest}), permutation(100, {2, Purpose::kTest}));
}

}  // namespace
}  // namespace kaziranga::core
