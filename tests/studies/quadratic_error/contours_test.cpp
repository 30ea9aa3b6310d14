#include "studies/quadratic_error/contours.hpp"

#include <cmath>

#include <ATen/ops/eye.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>
#include <gtest/gtest.h>

namespace kaziranga::studies {
namespace {

using at::Tensor;

constexpr double kMinimum = 0.5;

/// E* + half the sum of lambda_i w_i^2 + c/6 w_last^3, its eigenvectors the axes.
Surface cubic_surface(const std::vector<double>& eigenvalues, double third) {
    const Tensor lambda = at::tensor(eigenvalues, at::kDouble);
    const auto count = static_cast<int64_t>(eigenvalues.size());
    Surface surface{.error = [=](const Tensor& w) {
        return kMinimum + (lambda * w.square()).sum(-1) / 2 + third / 6 * w.select(-1, count - 1).pow(3);
    }};
    surface.minimum.w = at::zeros({count}, at::kDouble);
    surface.minimum.value = kMinimum;
    surface.eigen = {lambda, at::eye(count, at::kDouble)};
    surface.rays_at_once = 100;
    return surface;
}

TEST(SemiAxis, IsLongWhereTheCurvatureIsSmallAndMissingWhereThereIsNone) {
    EXPECT_DOUBLE_EQ(*semi_axis(2, 8, 0), 0.5);
    EXPECT_GT(*semi_axis(2, 0.5, 0), *semi_axis(2, 8, 0));
    EXPECT_FALSE(semi_axis(2, 1e-12, 1e-9));
    EXPECT_FALSE(semi_axis(2, 0, 0));
    EXPECT_FALSE(semi_axis(2, -3, 0));
}

TEST(Contours, OfAQuadraticAreItsEllipses) {
    const Surface s = cubic_surface({9, 4, 0.01}, 0);
    for (const double b : {1e-6, 1.0, 1e3}) {
        EXPECT_LT(departure(*radii_in_plane(s, 0, 2, b, 48)), 1e-8);
        EXPECT_LT(departure(*radii_along(s, 1, b)), 1e-8);
    }
}

TEST(Contours, AThirdDerivativeMovesThemAsTheFormulaSays) {
    const double third = 0.3, lambda = 0.25, b = 1e-6;
    const Surface s = cubic_surface({9, 4, lambda}, third);
    const Radii ends = *radii_along(s, 2, b);
    const double expected = third * std::sqrt(b) / (6 * std::pow(lambda, 1.5));
    EXPECT_NEAR(ends[0], 1 - expected, 0.01 * expected);  // the error rises faster forwards
    EXPECT_NEAR(ends[1], 1 + expected, 0.01 * expected);
    EXPECT_LT(departure(*radii_in_plane(s, 0, 1, b, 48)), 1e-8);
    EXPECT_GT(departure(*radii_in_plane(s, 0, 2, b, 48)), expected / 5);
}

TEST(Contours, OfALevelThatIsNeverReachedAreFarthest) {
    Surface s = cubic_surface({1, 1}, 0);
    s.error = [](const Tensor& w) { return kMinimum + w.square().sum(-1).tanh() / 2; };
    const Radii radii = *radii_in_plane(s, 0, 1, /*b=*/3, 8);
    for (const double radius : radii) EXPECT_TRUE(std::isinf(radius));
    EXPECT_DOUBLE_EQ(departure(radii), kFarthest - 1);
}

TEST(Contours, AreNoneWhereADirectionIsFlat) {
    Surface s = cubic_surface({1, 1e-12}, 0);
    s.flat = 1e-8;
    EXPECT_FALSE(radii_in_plane(s, 0, 1, 1, 8));
    EXPECT_FALSE(radii_along(s, 1, 1));
    EXPECT_TRUE(radii_along(s, 0, 1));
}

TEST(Contours, DoNotDependOnHowManyRaysAreFollowedAtOnce) {
    Surface s = cubic_surface({9, 0.25}, 0.3);
    const Radii together = *radii_in_plane(s, 0, 1, 0.1, 20);
    s.rays_at_once = 3;
    EXPECT_EQ(*radii_in_plane(s, 0, 1, 0.1, 20), together);
}

TEST(Growth, FindsTheLevelBetweenTwoByLogarithms) {
    const Growth growth{.levels = {1, 100, 10000}, .departures = {0.01, 0.1, 1}};
    EXPECT_NEAR(*growth.level_of(0.1), 100, 1e-9);
    EXPECT_NEAR(*growth.level_of(std::sqrt(0.1)), 1000, 1e-6);
    EXPECT_EQ(*growth.level_of(0.001), 1);
    EXPECT_FALSE(growth.level_of(2));
    EXPECT_FALSE(Growth{}.level_of(0.1));
}

}  // namespace
}  // namespace kaziranga::studies
