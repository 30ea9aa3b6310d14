#include "training/sweep_tables.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace kaziranga::training {
namespace {

/// A run of four images, right where `hits` says so.
SweepResult result(size_t variant, int64_t seed, std::vector<bool> hits, uint64_t images = 1) {
    const auto right = static_cast<double>(std::count(hits.begin(), hits.end(), true));
    const auto n = static_cast<int64_t>(hits.size());
    return {.variant = variant,
            .seed = seed,
            .shots = 5,
            .split = "test",
            .metrics = {.top1 = 100 * right / static_cast<double>(n), .top5 = 100, .loss = 1, .n = n},
            .seconds = 2,
            .images = {images, 0},
            .hits = std::move(hits)};
}

const SweepPlan kPlan = {
    .confidence = 0.95, .variants = {{"usual|recipe", "u", {}}, {"lda", "lda", {}}}, .runs = {{}, {}}};

TEST(SweepSummary, OfOneRunEachIsOverImages) {
    const auto rows =
        summarise(kPlan, {result(1, 0, {true, true, true, false}), result(0, 0, {true, false, true, false})});
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].variant, "usual|recipe");
    EXPECT_FALSE(rows[0].over_runs);
    EXPECT_FALSE(rows[0].difference);
    EXPECT_NEAR(rows[0].top1.half_width, 1.959963984540 * 25, 1e-8);  // √(½·½/4) of 100
    ASSERT_TRUE(rows[1].difference);
    EXPECT_DOUBLE_EQ(rows[1].difference->mean, 25);  // one image of four, standard deviation ½
    EXPECT_NEAR(rows[1].difference->half_width, 1.959963984540 * 25, 1e-8);
}

TEST(SweepSummary, OfSeveralRunsPairsSeedsNotOrder) {
    const std::vector<SweepResult> results = {
        result(0, 1, {true, true, false, false}), result(0, 2, {true, true, true, false}),
        result(1, 2, {true, true, true, true}), result(1, 1, {true, true, true, false})};
    const auto rows = summarise(kPlan, results);
    EXPECT_TRUE(rows[1].over_runs);
    EXPECT_EQ(rows[1].runs, 2);
    EXPECT_DOUBLE_EQ(rows[1].top1.mean, 87.5);
    EXPECT_NEAR(rows[1].top1.half_width, 12.5 * 12.7062047361747, 1e-8);
    ASSERT_TRUE(rows[1].difference);
    EXPECT_DOUBLE_EQ(rows[1].difference->mean, 25);  // 25 points better with either seed
    EXPECT_NEAR(rows[1].difference->half_width, 0, 1e-9);
}

TEST(SweepSummary, OtherImagesAreNotCompared) {
    const auto rows = summarise(kPlan, {result(0, 0, {true, false}), result(1, 0, {true, true}, 2)});
    EXPECT_FALSE(rows[1].difference);
}

TEST(SweepSummary, SeparateDrawsAreSeparateRows) {
    std::vector<SweepResult> results = {result(0, 0, {true, false}), result(0, 0, {true, true})};
    results[1].draw = 1;
    results[1].shots = 10;
    const auto rows = summarise(kPlan, results);
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].shots, 5);
    EXPECT_EQ(rows[1].shots, 10);
    EXPECT_EQ(rows[1].top1.mean, 100);
}

TEST(SweepTables, DoNotDependOnTheOrderOfTheRuns) {
    std::vector<SweepResult> results;
    for (int64_t seed = 0; seed < 3; ++seed) {
        results.push_back(result(0, seed, {true, seed == 1, false}));
        results.push_back(result(1, seed, {true, seed != 1, true}));
        results.back().metrics.loss = 0.1 * static_cast<double>(seed);
    }
    const std::string runs = runs_csv(kPlan, results), summary = summary_csv(summarise(kPlan, results));
    std::reverse(results.begin(), results.end());
    EXPECT_EQ(runs_csv(kPlan, results), runs);
    EXPECT_EQ(summary_csv(summarise(kPlan, results)), summary);
}

TEST(SweepTables, HaveALineARunAndALineARow) {
    const std::vector<SweepResult> results = {result(0, 0, {true, false, true, false}),
                                              result(1, 0, {true, true, true, false})};
    EXPECT_EQ(runs_csv(kPlan, results),
              "variant,shots,seed,split,n,top1,top5,loss,macro_f1,ece,seconds\n"
              "usual|recipe,5,0,test,4,50.000000,100.000000,1.000000,0.000000,0.000000,2.00\n"
              "lda,5,0,test,4,75.000000,100.000000,1.000000,0.000000,0.000000,2.00\n");
    const auto rows = summarise(kPlan, results);
    EXPECT_EQ(summary_csv(rows),
              "variant,shots,runs,top1,top1_half_width,interval_over,top5,loss,macro_f1,ece,seconds,difference,"
              "difference_low,"
              "difference_high\n"
              "usual|recipe,5,1,50.000000,48.999100,images,100.000000,1.000000,0.000000,0.000000,2.00,,,\n"
              "lda,5,1,75.000000,42.434465,images,100.000000,1.000000,0.000000,0.000000,2.00,25.000000,-23.999100,73."
              "999100\n");
    const std::string page = summary_markdown(kPlan, rows, 2);
    EXPECT_NE(page.find("2 of 2 runs are finished"), std::string::npos) << page;
    EXPECT_NE(page.find("| usual\\|recipe | 5 | 1 | 50.00 | 49.00 | images |"), std::string::npos) << page;
    EXPECT_NE(page.find("| +25.00 | -24.00 | +74.00 |"), std::string::npos) << page;
}

}  // namespace
}  // namespace kaziranga::training
