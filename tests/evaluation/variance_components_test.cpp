#include "evaluation/variance_components.hpp"

#include <algorithm>
#include <cmath>
#include <random>

#include <gtest/gtest.h>

namespace kaziranga::evaluation {
namespace {

std::shared_ptr<const JudgedImages> images(std::vector<uint64_t> classes, uint64_t first = 0) {
    JudgedImages judged{.classes = std::move(classes)};
    for (uint64_t i = 0; i < judged.classes.size(); ++i) judged.names.push_back(first + i);
    return std::make_shared<const JudgedImages>(std::move(judged));
}

/// Draws on the same images: a row of values each.
std::vector<Draw> crossed(const std::vector<uint64_t>& classes, const std::vector<std::vector<double>>& rows) {
    std::vector<Draw> draws;
    for (const auto& row : rows) draws.push_back({images(classes), row});
    return draws;
}

std::vector<Draw> random_draws(uint32_t seed) {
    std::mt19937 random(seed);
    std::normal_distribution<double> normal;
    std::vector<std::vector<double>> rows(4, std::vector<double>(11));
    for (auto& row : rows) {
        for (double& value : row) value = normal(random);
    }
    return crossed({0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3}, rows);
}

void expect_same(const Spread& a, const Spread& b, double shift) {
    EXPECT_NEAR(a.mean + shift, b.mean, 1e-10);
    EXPECT_NEAR(*a.sd_draws, *b.sd_draws, 1e-10);
    EXPECT_NEAR(*a.se_images, *b.se_images, 1e-10);
    EXPECT_NEAR(*a.se_classes, *b.se_classes, 1e-10);
    EXPECT_NEAR(*a.se_same_classes, *b.se_same_classes, 1e-10);
    EXPECT_NEAR(*a.se_other_classes, *b.se_other_classes, 1e-10);
    EXPECT_NEAR(a.same_classes->half_width, b.same_classes->half_width, 1e-9);
    EXPECT_NEAR(a.other_classes->half_width, b.other_classes->half_width, 1e-9);
}

TEST(Spread, OfTwoDrawsTwoClassesAndTwoImagesEachByHand) {
    // Means of draws 2 and 4, of classes 1 and 5, of images 0, 2 | 4, 6; draws differ alike everywhere, so no pairs.
    const Spread spread = spread_of(crossed({7, 7, 9, 9}, {{-1, 1, 3, 5}, {1, 3, 5, 7}}), 0, 0.95);
    EXPECT_TRUE(spread.same_images);
    EXPECT_DOUBLE_EQ(spread.mean, 3);
    EXPECT_NEAR(*spread.sd_draws, std::sqrt(2.0), 1e-12);
    EXPECT_NEAR(*spread.se_images, std::sqrt(0.25 * 2 / 2 + 0.25 * 2 / 2), 1e-12);
    EXPECT_NEAR(*spread.se_classes, 2, 1e-12);  // half their distance
    EXPECT_NEAR(*spread.se_same_classes, std::sqrt(1 + 0.5), 1e-12);
    EXPECT_NEAR(*spread.se_other_classes, std::sqrt(1 + 4.0), 1e-12);
    // Satterthwaite: 1.5² / (1²/1 + 0.5²/2) = 2 degrees; 5² / (1²/1 + 4²/1) = 1.47, so 1.
    EXPECT_NEAR(spread.same_classes->half_width, std::sqrt(1.5) * student_t_quantile(0.975, 2), 1e-9);
    EXPECT_NEAR(spread.other_classes->half_width, std::sqrt(5.0) * student_t_quantile(0.975, 1), 1e-9);
}

TEST(Spread, WhatBelongsToAPairIsInNeitherSideTwice) {
    // No draw, image or class differs in the mean; all that varies is which draw gets which image. Two classes of two.
    const Spread spread = spread_of(crossed({0, 0, 1, 1}, {{1, -1, 1, -1}, {-1, 1, -1, 1}}), 0, 0.95);
    EXPECT_NEAR(*spread.sd_draws, 0, 1e-12);
    EXPECT_NEAR(*spread.se_images, 0, 1e-12);
    EXPECT_NEAR(*spread.se_same_classes, 0, 1e-12);
}

TEST(Spread, DoesNotDependOnOrderAndMovesWithItsValues) {
    const std::vector<Draw> draws = random_draws(1);
    const Spread before = spread_of(draws, 0, 0.9);
    std::vector<Draw> changed = draws;
    std::reverse(changed.begin(), changed.end());
    JudgedImages backwards = *draws.front().images;
    std::reverse(backwards.names.begin(), backwards.names.end());
    std::reverse(backwards.classes.begin(), backwards.classes.end());
    const auto judged = std::make_shared<const JudgedImages>(backwards);
    for (Draw& draw : changed) {
        draw.images = judged;
        std::reverse(draw.values.begin(), draw.values.end());
        for (double& value : draw.values) value += 5;
    }
    expect_same(before, spread_of(changed, 0, 0.9), 5);
}

TEST(Spread, OfAlikeDrawsIsThatOfOneOverItsImages) {
    std::vector<Draw> draws = random_draws(2);
    const Spread one = spread_of({draws[0]}, 0, 0.95);
    EXPECT_FALSE(one.sd_draws || one.same_classes || one.other_classes || one.se_same_classes);
    for (Draw& draw : draws) draw.values = draws[0].values;
    const Spread many = spread_of(draws, 0, 0.95);
    EXPECT_NEAR(*many.sd_draws, 0, 1e-12);
    EXPECT_NEAR(*many.se_images, *one.se_images, 1e-12);
    EXPECT_NEAR(*many.se_classes, *one.se_classes, 1e-12);
    EXPECT_NEAR(*many.se_same_classes, *one.se_images, 1e-12);
    EXPECT_NEAR(*many.se_other_classes, std::max(*one.se_images, *one.se_classes), 1e-12);
}

TEST(Spread, OtherClassesAreNeverSurerThanTheSame) {
    for (uint32_t seed = 0; seed < 50; ++seed) {
        const Spread spread = spread_of(random_draws(seed), 0, 0.95);
        EXPECT_GE(*spread.se_other_classes, *spread.se_same_classes);
        EXPECT_GE(*spread.se_same_classes, *spread.se_images);
        EXPECT_GE(*spread.se_same_classes, *spread.sd_draws / 2);  // of four draws
        EXPECT_GE(spread.other_classes->half_width, spread.same_classes->half_width);
    }
}

TEST(Spread, OtherClassesAreNotSurerForTheirDegreesOfFreedom) {
    // Two draws of images of their own, whose means hardly differ, and six classes that do: variance is the classes',
    // with degrees to spare, while the two draws have one degree.
    std::vector<uint64_t> classes;
    std::vector<double> values;
    for (uint64_t i = 0; i < 24; ++i) {
        classes.push_back(i / 4);
        values.push_back(static_cast<double>(i / 4 + i % 2));
    }
    std::vector<double> others = values;
    for (double& value : others) value += 0.6;
    const Spread spread = spread_of({{images(classes), values}, {images(classes, 100), others}}, 1, 0.95);
    EXPECT_GT(*spread.se_other_classes, *spread.se_same_classes);
    EXPECT_NEAR(spread.same_classes->half_width, *spread.se_same_classes * student_t_quantile(0.975, 1), 1e-9);
    EXPECT_NEAR(spread.other_classes->half_width, spread.same_classes->half_width, 1e-9);
}

TEST(Spread, AClassOfOneImageHasTheVarianceOfTheOthers) {
    // Variance 2 in the class of two; a third of all each image. A class has 2/3, the other 1/3 of the mean.
    const Spread spread = spread_of(crossed({0, 0, 1}, {{1, 3, 9}}), 0, 0.95);
    EXPECT_NEAR(*spread.se_images, std::sqrt(4.0 / 9 * 2 / 2 + 1.0 / 9 * 2), 1e-12);
    EXPECT_FALSE(spread_of(crossed({0, 1, 2}, {{1, 3, 9}, {2, 3, 4}}), 0, 0.95).se_images);
    const Spread alone = spread_of(crossed({4, 4, 4}, {{1, 3, 9}, {2, 3, 4}}), 0, 0.95);
    EXPECT_FALSE(alone.se_classes || alone.other_classes);
    EXPECT_TRUE(alone.same_classes);
}

TEST(Spread, OfImagesOfTheirOwnIsNadeauAndBengios) {
    // Draws' means 1 and 3 and 5: variance 4.
    const std::vector<Draw> draws = {{images({0, 0, 1, 1}, 0), {0, 2, 0, 2}},
                                     {images({0, 0, 1, 1}, 10), {2, 4, 2, 4}},
                                     {images({0, 0, 1, 1}, 20), {4, 6, 4, 6}}};
    const Spread spread = spread_of(draws, 0.25, 0.95);
    EXPECT_FALSE(spread.same_images);
    EXPECT_NEAR(*spread.sd_draws, 2, 1e-12);
    EXPECT_NEAR(*spread.se_same_classes, std::sqrt(4 * (1.0 / 3 + 0.25)), 1e-12);
    EXPECT_NEAR(spread.same_classes->half_width, *spread.se_same_classes * student_t_quantile(0.975, 2), 1e-9);
    EXPECT_NEAR(*spread.se_other_classes, *spread.se_same_classes, 1e-12);  // the classes are alike
    const Spread unknown = spread_of(draws, 0, 0.95);
    EXPECT_FALSE(unknown.same_classes || unknown.other_classes);
    EXPECT_TRUE(unknown.sd_draws && unknown.se_images);
}

}  // namespace
}  // namespace kaziranga::evaluation
