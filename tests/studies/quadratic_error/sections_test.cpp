#include "studies/quadratic_error/sections.hpp"

#include <cmath>
#include <set>

#include <ATen/ops/eye.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>
#include <gtest/gtest.h>

namespace kaziranga::studies {
namespace {

using at::Tensor;

/// Quadratic but along the eigenvector of one rank, where it has a third derivative.
Surface crooked_surface(int64_t rank, double times = 1) {
    const Tensor lambda = at::tensor({8.0, 4.0, 2.0, 1.0}, at::kDouble);
    constexpr double kMinimum = 0.5;
    const double third = times * 3 * std::pow(lambda[rank].item<double>(), 1.5);  // so that all are equally crooked
    Surface surface{.error = [=](const Tensor& w) {
        return kMinimum + (lambda * w.square()).sum(-1) / 2 + third / 6 * w.select(-1, rank).pow(3);
    }};
    surface.minimum.w = at::zeros({4}, at::kDouble);
    surface.minimum.value = kMinimum;
    surface.eigen = {lambda, at::eye(4, at::kDouble)};
    surface.rays_at_once = 100;
    return surface;
}

/// Not the flattest by assumption: the one that is crooked.
TEST(Cause, IsTheEigenvectorWhosePlanesFail) {
    for (int64_t rank = 0; rank < 4; ++rank) {
        const Surface s = crooked_surface(rank);
        const Sections sections = look_everywhere(s, 32, 1e-7);
        ASSERT_EQ(sections.alone.size(), 4U);
        ASSERT_EQ(sections.planes.size(), 6U);
        const Cause cause = cause_of(sections);
        EXPECT_EQ(cause.weakest, rank);
        EXPECT_EQ(cause.with.count, 3);
        EXPECT_TRUE(std::isfinite(cause.with.high));
        EXPECT_EQ(cause.without.count, 3);
        EXPECT_TRUE(std::isinf(cause.without.low));  // planes that never fail are told of, too
        EXPECT_GE(cause.farthest, 1);
        EXPECT_LT(cause.farthest, 30);
        EXPECT_EQ(cause.together, 0);
        for (const Section& plane : sections.planes) EXPECT_EQ(plane.fails.has_value(), plane.contains(rank));
    }
}

TEST(Blame, IsOnTheEigenvectorsThatFailAlone) {
    const Sections sections = look_everywhere(crooked_surface(2), 32, 1e-7);
    const Blame blame = blame_by(sections, highest_level());
    EXPECT_EQ(blame.weak, std::vector<int64_t>{2});
    EXPECT_EQ(blame.failing, 3);
    EXPECT_EQ(blame.explained, 3);
    EXPECT_EQ(blame.spared, 0);
    // Alone it fails before any plane does, in which other directions are sound.
    const Blame early = blame_by(sections, *sections.alone[2].fails * 1.01);
    EXPECT_EQ(early.weak, std::vector<int64_t>{2});
    EXPECT_EQ(early.failing, 0);
    EXPECT_EQ(early.spared, 3);
    EXPECT_TRUE(blame_by(sections, 1e-9).weak.empty());
}

TEST(Cause, ThirdDerivativeTellsWhereOneAloneFails) {
    const Surface s = crooked_surface(1);
    const Sections sections = look_everywhere(s, 32, 1e-7);
    const double found = *sections.alone[1].fails;
    EXPECT_NEAR(std::log(level_by_third_derivative(s, 1) / found), 0, 0.2);
}

TEST(Sections, LeaveFlatDirectionsOut) {
    Surface s = crooked_surface(1);
    s.flat = 1.5;  // the last eigenvalue is flat then
    EXPECT_EQ(s.curved(), 3);
    const Sections sections = look_everywhere(s, 16, 1e-7);
    EXPECT_EQ(sections.alone.size(), 3U);
    EXPECT_EQ(sections.planes.size(), 3U);
    EXPECT_EQ(cause_of(sections).weakest, 1);
}

/// A third derivative so large that at the usual first level the contour is no ellipse yet.
TEST(Sections, BeginWhereTheContourIsAnEllipse) {
    constexpr double kSharper = 1000;
    const Surface s = crooked_surface(1, kSharper);
    const double lowest = lowest_level(s);
    EXPECT_LT(lowest, 1e-7);
    for (const Section& section : look_everywhere(s, 16, lowest).planes) {
        EXPECT_EQ(section.growth.levels.front(), lowest);
        EXPECT_LT(section.growth.departures.front(), 2e-3);
    }
    EXPECT_EQ(lowest_level(crooked_surface(1)), 1e-7);
}

TEST(Ranks, AreAllOfAFewAndSomeOfMany) {
    EXPECT_EQ(ranks_looked_at(3), (std::vector<int64_t>{0, 1, 2}));
    const std::vector<int64_t> some = ranks_looked_at(400);
    EXPECT_EQ(std::set<int64_t>(some.begin(), some.end()).size(), 16U);
    EXPECT_EQ(some.front(), 0);
    EXPECT_EQ(some.back(), 399);
}

}  // namespace
}  // namespace kaziranga::studies
