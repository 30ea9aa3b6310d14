#include "training/heads/folds.hpp"
#include "training/heads/selection.hpp"
#include "training/heads/temperature.hpp"

#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/full.h>
#include <ATen/ops/full_like.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "core/random.hpp"

namespace kaziranga::training {
namespace {

at::Tensor noise(at::IntArrayRef shape, uint64_t seed) {
    core::RandomStream random(seed, core::Purpose::kTest);
    at::Tensor x = at::zeros(shape);
    float* values = x.mutable_data_ptr<float>();
    for (int64_t i = 0; i < x.numel(); ++i) values[i] = static_cast<float>(random.normal());
    return x;
}

/// Classes that lie apart, each image in two views.
HeadProblem problem(int64_t classes, int64_t images) {
    const at::Tensor y = at::arange(classes).repeat_interleave(images);
    const at::Tensor x = noise({classes, 1, 8}, 1).mul(3).index_select(0, y) + noise({classes * images, 2, 8}, 2);
    return {x, y, classes, 0};
}

TEST(DealFolds, SpreadsEveryClassAndNeverHoldsOutASingleImage) {
    const at::Tensor y = at::cat({at::full({7}, 0, at::kLong), at::full({2}, 1, at::kLong), at::full({1}, 2, at::kLong)});
    const auto folds = deal_folds(y, 3, 3, 5);
    std::map<int64_t, int> of_first, of_all;
    for (size_t i = 0; i < 9; ++i) {
        if (i < 7) ++of_first[folds[i]];
        ++of_all[folds[i]];
    }
    EXPECT_EQ(folds[9], -1);
    EXPECT_NE(folds[7], folds[8]);
    for (int64_t fold = 0; fold < 3; ++fold) {
        EXPECT_GE(of_first[fold], 2);
        EXPECT_EQ(of_all[fold], 3);
    }
    EXPECT_EQ(folds, deal_folds(y, 3, 3, 5));
    EXPECT_NE(folds, deal_folds(y, 3, 3, 6));
}

TEST(TemperatureFactor, UndoesAKnownScale) {
    // A class is right as often as its logit says, so that the best factor of logits times four is a quarter.
    const int64_t n = 4000;
    const double log_odds = std::log(3.0);
    const at::Tensor logits = at::zeros({n, 2}, at::kDouble);
    logits.select(1, 0).fill_(4 * log_odds);
    const at::Tensor y = at::arange(n).remainder(4).eq(3).to(at::kLong);
    EXPECT_NEAR(best_temperature_factor(logits, y), 0.25, 1e-3);
}

TEST(SolveHead, EveryHeadTellsSeparateClassesApartAndAutoMarksOneChoice) {
    const HeadProblem separate = problem(5, 6);
    for (const char* type : {"logistic", "ridge", "lda", "prototype", "knn", "auto"}) {
        HeadOptions options;
        options.type = type;
        options.folds = 3;
        options.neighbours.value = 3;
        const SolvedHead solved = solve_head(separate, options, {});
        const at::Tensor right = solved.head->forward(separate.x.select(1, 0)).argmax(1).eq(separate.y);
        EXPECT_GT(right.to(at::kDouble).mean().item<double>(), 0.9) << type;
        int chosen = 0;
        for (const Candidate& candidate : solved.candidates) chosen += candidate.chosen;
        EXPECT_EQ(chosen, 1) << type;
    }
}

TEST(SolveHead, DoesNotLetAHeldOutImageSpeakForItselfThroughItsOtherView) {
    // Features say nothing of the class, but both views of an image are the same: only a leak could do better than chance.
    const at::Tensor y = at::arange(4).repeat_interleave(25);
    const at::Tensor x = noise({100, 1, 60}, 3).repeat({1, 2, 1});
    HeadOptions options;
    options.type = "lda";
    options.shrinkage.value = 0.5;
    const SolvedHead solved = solve_head({x, y, 4, 0}, options, {});
    ASSERT_EQ(solved.candidates.size(), 1U);
    EXPECT_LT(solved.candidates[0].top1, 42);
}

TEST(SolveHead, LogitAdjustmentTakesTheFrequenciesOut) {
    const at::Tensor y = at::cat({at::zeros({30}, at::kLong), at::full({3}, 1, at::kLong)});
    const at::Tensor x = noise({33, 1, 4}, 4);
    HeadOptions options;
    options.type = "lda";
    options.shrinkage.value = 1.0;
    options.calibrate = false;
    const at::Tensor plain = solve_head({x, y, 2, 0}, options, {}).head->forward(x.select(1, 0));
    const at::Tensor fair = solve_head({x, y, 2, 0}, options, {.logit_adjustment = 1}).head->forward(x.select(1, 0));
    const at::Tensor moved = (fair - plain).select(1, 1) - (fair - plain).select(1, 0);
    EXPECT_TRUE(moved.allclose(at::full_like(moved, std::log(10.0)), 1e-4, 1e-4));
}

}  // namespace
}  // namespace kaziranga::training
