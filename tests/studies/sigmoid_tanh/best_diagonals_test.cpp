#include "studies/sigmoid_tanh/best_diagonals.hpp"

#include "studies/common/draws.hpp"

#include <cmath>
#include <vector>

#include <ATen/ops/stack.h>
#include <ATen/ops/tensor.h>
#include <gtest/gtest.h>

namespace kaziranga::studies {
namespace {

using at::Tensor;

constexpr int64_t kParameters = 6, kSteps = 5;

/// Gradients, a row each.
Tensor gradients() {
    return normal({kSteps, kParameters}, generator(0, {99, 1}));
}

/// Of gradients and the steps that are wanted, a row each.
BestDiagonals of(const Tensor& g, const Tensor& wanted) {
    BestDiagonals found;
    for (int64_t i = 0; i < g.size(0); ++i) found.add(g[i], wanted[i]);
    return found;
}

TEST(BestDiagonals, AreFoundWhereThereAreSome) {
    const Tensor g = gradients(), rates = at::tensor({1.0, 2.0, 0.5, 3.0, 0.1, 7.0}, at::kDouble);
    const BestDiagonals positive = of(g, g * rates);
    EXPECT_TRUE(positive.fixed_rates().allclose(rates, 1e-12));
    EXPECT_LT(positive.fixed_misses(), 1e-7);
    EXPECT_EQ(positive.positive_misses_most(), 0);
    EXPECT_EQ(positive.first_against(), 0);
    const BestDiagonals mixed = of(g, g * at::tensor({1.0, -2.0, 0.5, -3.0, 0.1, 7.0}, at::kDouble));
    EXPECT_LT(mixed.fixed_misses(), 1e-7);
    EXPECT_EQ(mixed.first_against(), 2);
    EXPECT_EQ(mixed.least_against(), 2);
    EXPECT_GT(mixed.positive_misses_least(), 0);
}

/// What a matrix asks for that couples parameters: no fixed factors give it, of either sign, and none are closer.
TEST(BestDiagonals, OfACoupledMatrixMissAndNoneMissLess) {
    const Tensor m = normal({kParameters, kParameters}, generator(0, {99, 2})), g = gradients();
    const Tensor wanted = g.matmul(m.matmul(m.t()));
    const BestDiagonals best = of(g, wanted);
    const auto misses = [&](const Tensor& rates) {
        return ((g * rates - wanted).norm() / wanted.norm()).item<double>();
    };
    EXPECT_GT(best.fixed_misses(), 0.1);
    EXPECT_NEAR(best.fixed_misses(), misses(best.fixed_rates()), 1e-12);
    for (uint64_t i = 0; i < 100; ++i) {
        const Tensor other = best.fixed_rates() + 0.1 * normal({kParameters}, generator(0, {99, 3, i}));
        EXPECT_GE(misses(other), best.fixed_misses());
    }
}

/// One step alone is met by factors of either sign, but not by factors above zero.
TEST(BestDiagonals, OneStepIsMetOnlyAgainstGradients) {
    const Tensor g = at::tensor({1.0, 2.0, -1.0}, at::kDouble).view({1, 3}),
                 wanted = at::tensor({3.0, -4.0, 0.0}, at::kDouble).view({1, 3});
    const BestDiagonals one = of(g, wanted);
    EXPECT_LT(one.fixed_misses(), 1e-7);
    EXPECT_EQ(one.first_against(), 1);
    EXPECT_NEAR(one.positive_misses_least(), 4.0 / 5, 1e-12);
    EXPECT_NEAR(one.positive_misses_most(), 4.0 / 5, 1e-12);
}

TEST(BestDiagonals, AParameterWithoutAGradientCannotMove) {
    const Tensor g = at::tensor({0.0, 1.0, 0.0, 2.0}, at::kDouble).view({2, 2}),
                 wanted = at::tensor({3.0, 4.0, 3.0, 8.0}, at::kDouble).view({2, 2});
    const BestDiagonals found = of(g, wanted);
    EXPECT_EQ(found.fixed_rates()[0].item<double>(), 0);
    EXPECT_NEAR(found.fixed_misses(), std::sqrt(18.0 / 98), 1e-12);
    EXPECT_NEAR(found.positive_misses_most(), 3.0 / 5, 1e-12);
}

}  // namespace
}  // namespace kaziranga::studies
