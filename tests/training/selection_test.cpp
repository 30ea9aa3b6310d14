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

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <vector>

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
    const at::Tensor y =
        at::cat({at::full({7}, 0, at::kLong), at::full({2}, 1, at::kLong), at::full({1}, 2, at::kLong)});
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

TEST(DealFolds, KeepsCopiesOfAnImageTogether) {
    const at::Tensor y = at::arange(2).repeat_interleave(8);
    std::vector<core::Hash128> contents;
    for (uint64_t i = 0; i < 16; ++i) contents.push_back({.low = i < 8 ? i / 2 : 7});  // pairs; one image eight times
    const auto folds = deal_folds(y, 2, 4, 5, contents);
    std::set<int64_t> used;
    for (size_t i = 0; i < 8; i += 2) {
        EXPECT_EQ(folds[i], folds[i + 1]);
        used.insert(folds[i]);
    }
    EXPECT_EQ(used.size(), 4U);
    for (size_t i = 8; i < 16; ++i) EXPECT_EQ(folds[i], -1);
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

struct FewImages {
    std::string name;
    std::vector<int64_t> y;
    int64_t columns = 8;
    int64_t constant = 0;     ///< columns that are the same for all
    bool duplicates = false;  ///< the images of a class are the same
};

/// Classes that lie apart.
HeadProblem few_images(const FewImages& few) {
    const at::Tensor y = at::tensor(few.y, at::kLong);
    const int64_t classes = y.max().item<int64_t>() + 1, count = y.size(0);
    const at::Tensor spread = noise({count, 1, few.columns}, 6).mul(few.duplicates ? 0 : 0.3);
    const at::Tensor x = noise({classes, 1, few.columns}, 5).mul(3).index_select(0, y) + spread;
    x.slice(2, 0, few.constant).fill_(2);
    return {x, y, classes, 0};
}

TEST(SolveHead, WorksWithOneToThreeImagesAClass) {
    const std::vector<FewImages> cases = {{"one image among more", {0, 1, 1, 2, 2, 2}},
                                          {"one image each", {0, 1, 2, 3}},
                                          {"two images each", {0, 0, 1, 1, 2, 2}},
                                          {"two classes of one", {0, 1}},
                                          {"two classes, one of one", {0, 1, 1, 1}},
                                          {"more features than images", {0, 0, 1, 1, 1, 2}, 300},
                                          {"features that are constant", {0, 0, 1, 1, 1, 2}, 12, 4},
                                          {"copies", {0, 0, 0, 1, 1, 2, 2}, 8, 0, true}};
    const std::vector<std::pair<const char*, BalanceOptions>> balances = {
        {"plain", {}}, {"balanced", {.class_weights = "balanced"}}, {"adjusted", {.logit_adjustment = 1}}};
    for (const FewImages& few : cases) {
        const HeadProblem given = few_images(few);
        for (const auto& [balance_name, balance] : balances) {
            for (const char* type : {"logistic", "ridge", "lda", "prototype", "knn", "auto"}) {
                HeadOptions options;
                options.type = type;
                const at::Tensor logits = solve_head(given, options, balance).head->forward(given.x.select(1, 0));
                const std::string where = few.name + ", " + balance_name + ", " + type;
                EXPECT_EQ(logits.sizes(), at::IntArrayRef({given.y.size(0), given.classes})) << where;
                EXPECT_TRUE(logits.isfinite().all().item<bool>()) << where;
                EXPECT_TRUE(logits.argmax(1).equal(given.y)) << where << logits;
            }
        }
    }
}

TEST(SolveHead, KnowsOnlyFrequenciesWhereFeaturesSayNothing) {
    for (const char* type : {"logistic", "ridge", "lda", "auto"}) {
        HeadOptions options;
        options.type = type;
        const HeadProblem blind{at::full({6, 1, 5}, 2.0F), at::tensor({0, 1, 1, 2, 2, 2}, at::kLong), 3, 0};
        const at::Tensor logits = solve_head(blind, options, {}).head->forward(blind.x.select(1, 0));
        EXPECT_TRUE(logits.isfinite().all().item<bool>()) << type;
        EXPECT_TRUE(logits.argmax(1).eq(2).all().item<bool>()) << type;
    }
}

TEST(SolveHead, BalancedClassesWeighAlike) {
    // The only feature says nothing; what is left are the frequencies, or, balanced, none.
    const at::Tensor y = at::cat({at::zeros({9}, at::kLong), at::full({3}, 1, at::kLong)});
    const HeadProblem skewed{at::full({12, 1, 2}, 1.0F), y, 2, 0};
    for (const char* type : {"logistic", "ridge", "lda"}) {
        HeadOptions options;
        options.type = type;
        options.calibrate = false;
        options.penalty.value = 0.1;
        options.shrinkage.value = 0.5;
        const auto gap = [&](const BalanceOptions& balance) {
            const at::Tensor logits = solve_head(skewed, options, balance).head->forward(skewed.x.select(1, 0))[0];
            return (logits[0] - logits[1]).item<double>();
        };
        EXPECT_GT(gap({}), 0.4) << type;
        EXPECT_NEAR(gap({.class_weights = "balanced"}), 0, 1e-3) << type;
    }
}

TEST(SolveHead, ComparesSeveralSettingsOfNeighbours) {
    HeadOptions options;
    options.type = "knn";
    const HeadProblem separate = problem(4, 8);
    EXPECT_GT(solve_head(separate, options, {}).candidates.size(), 4U);
    options.neighbours.value = 3;
    options.temperature.value = 0.3;
    const SolvedHead fixed = solve_head(separate, options, {});
    ASSERT_EQ(fixed.candidates.size(), 1U);
    EXPECT_EQ(fixed.head->spec().neighbours, 3);
    EXPECT_EQ(fixed.head->spec().temperature, 0.3);
}

TEST(SolveHead, DoesNotLetAHeldOutImageSpeakForItselfThroughItsOtherView) {
    // Features say nothing of the class, but both views of an image are the same: only a leak could do better than
    // chance.
    const at::Tensor y = at::arange(4).repeat_interleave(25);
    const at::Tensor x = noise({100, 1, 60}, 3).repeat({1, 2, 1});
    HeadOptions options;
    options.type = "lda";
    options.shrinkage.value = 0.5;
    const SolvedHead solved = solve_head({x, y, 4, 0}, options, {});
    ASSERT_EQ(solved.candidates.size(), 1U);
    EXPECT_LT(solved.candidates[0].top1, 42);
}

TEST(SolveHead, JudgesByTheMeanOfTheViewsThatWillBeAskedFor) {
    // Each view of an image alone is mostly noise; four noises average out.
    const at::Tensor y = at::arange(4).repeat_interleave(25);
    const at::Tensor x = noise({4, 1, 8}, 1).mul(1.2).index_select(0, y) + noise({100, 4, 8}, 2).mul(2);
    for (const char* type : {"lda", "ridge", "knn"}) {
        HeadOptions options;
        options.type = type;
        const auto best = [&](int64_t views) {
            double top1 = 0;
            const HeadProblem given{.x = x, .y = y, .classes = 4, .seed = 0, .judged_views = views};
            for (const Candidate& candidate : solve_head(given, options, {}).candidates)
                top1 = std::max(top1, candidate.top1);
            return top1;
        };
        EXPECT_GT(best(4), best(1) + 5) << type;
    }
}

/// The penalty that ridge chose: "penalty 0.3".
std::string ridge_penalty(const HeadProblem& problem, const BalanceOptions& balance) {
    HeadOptions options;
    options.type = "ridge";
    return solve_head(problem, options, balance).candidates.at(0).setting;
}

TEST(SolveHead, RidgesLeaveOneOutJudgesByTheViewsThatWillBeAskedFor) {
    // The first view tells the class by one clear column; the second drowns it, and only a large penalty on its noise
    // helps.
    const at::Tensor y = at::arange(2).repeat_interleave(30);
    at::Tensor x = noise({60, 2, 50}, 7);
    x.select(1, 0).select(1, 0).copy_(y * 6 - 3 + noise({60}, 8) * 0.1);
    const auto chosen = [&](int64_t views) {
        return ridge_penalty({.x = x, .y = y, .classes = 2, .seed = 0, .judged_views = views}, {});
    };
    EXPECT_NE(chosen(1), chosen(2));
}

TEST(SolveHead, RidgeOfSingleImagesDoesNotTakeTheSmallestPenalty) {
    const at::Tensor y = at::arange(6);
    const HeadProblem single{noise({6, 1, 8}, 9), y, 6, 0};
    HeadOptions options;
    options.type = "ridge";
    const at::Tensor found = solve_head(single, options, {}).head->forward(single.x.select(1, 0));
    options.penalty.value = 1;
    EXPECT_TRUE(found.equal(solve_head(single, options, {}).head->forward(single.x.select(1, 0))));
}

TEST(SolveHead, ProbabilitiesFitImagesItHasNotSeen) {
    const at::Tensor y = at::arange(5).repeat_interleave(40);
    const auto images = [&](uint64_t seed) {
        return noise({5, 1, 8}, 1).index_select(0, y) + noise({200, 1, 8}, seed).mul(1.5);
    };
    const at::Tensor unseen = images(3);
    for (const char* type : {"logistic", "ridge", "lda", "prototype", "knn"}) {
        HeadOptions options;
        options.type = type;
        const auto factor = [&](bool calibrate) {
            options.calibrate = calibrate;
            const auto head = solve_head({images(2), y, 5, 0}, options, {}).head;
            return best_temperature_factor(models::mean_logits(*head, unseen).to(at::kDouble), y);
        };
        EXPECT_NEAR(factor(true), 1, 0.3) << type << ", uncalibrated " << factor(false);
    }
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
