#include "training/sweep/tables.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace kaziranga::training {
namespace {

constexpr double kTrained = 8;  // images

/// A run right where `hits` says so, of images of which two each are of one class; other `images` have other names.
SweepResult result(size_t variant, int64_t seed, std::vector<bool> hits, uint64_t images = 1) {
    evaluation::JudgedImages judged;
    for (uint64_t i = 0; i < hits.size(); ++i) {
        judged.names.push_back(100 * images + i);
        judged.classes.push_back(i / 2);
    }
    const auto right = static_cast<double>(std::count(hits.begin(), hits.end(), true));
    const auto n = static_cast<int64_t>(hits.size());
    return {.variant = variant,
            .seed = seed,
            .shots = 5,
            .split = "test",
            .metrics = {.top1 = 100 * right / static_cast<double>(n), .top5 = 100, .loss = 1, .n = n},
            .seconds = 2,
            .record = {.splits = {{"train", {.n = static_cast<int64_t>(kTrained)}}}},
            .images = {images, 0},
            .judged = std::make_shared<const evaluation::JudgedImages>(std::move(judged)),
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

/// The cell of a row of summary.csv in the column of that name.
std::string field(const std::string& csv, size_t row, const std::string& column) {
    const auto split = [](const std::string& text, char at) {
        std::vector<std::string> parts(1);
        for (const char c : text) {
            if (c == at) {
                parts.emplace_back();
            } else {
                parts.back() += c;
            }
        }
        return parts;
    };
    const auto lines = split(csv, '\n');
    const auto heading = split(lines.at(0), ',');
    const auto found = std::find(heading.begin(), heading.end(), column);
    EXPECT_NE(found, heading.end()) << column;
    return split(lines.at(row), ',').at(static_cast<size_t>(found - heading.begin()));
}

TEST(SweepSummary, TellsDrawsImagesAndClassesApart) {
    // Differences to the first variant: of the class of images 0 and 1 always 0; of the other 100 and 0 with one
    // seed, 100 and 100 with the other, so 25 and 50 in the mean.
    const std::vector<SweepResult> results = {
        result(0, 1, {true, false, false, false}), result(1, 1, {true, false, true, false}),
        result(0, 2, {false, false, false, false}), result(1, 2, {false, false, true, true})};
    const auto rows = summarise(kPlan, results);
    EXPECT_FALSE(rows[0].difference_spread);
    EXPECT_NEAR(*rows[0].top1_spread.sd_draws, 25 / std::sqrt(2.0), 1e-9);  // 25 and 0
    ASSERT_TRUE(rows[1].difference_spread);
    const evaluation::Spread& spread = *rows[1].difference_spread;
    EXPECT_TRUE(spread.same_images);
    EXPECT_DOUBLE_EQ(spread.mean, rows[1].difference->mean);
    EXPECT_NEAR(*spread.sd_draws, 25 / std::sqrt(2.0), 1e-9);
    // Images' means 0, 0 and 100, 50: variance 1250 in the second class, which is half of all.
    EXPECT_NEAR(*spread.se_images, std::sqrt(1250.0 / 2 / 4), 1e-9);
    EXPECT_NEAR(*spread.se_classes, 75.0 / 2, 1e-9);  // classes' means 0 and 75
    const std::string csv = summary_csv(rows);
    EXPECT_EQ(field(csv, 2, "test_images"), "same");
    EXPECT_EQ(field(csv, 2, "difference_sd_draws"), "17.677670");
    EXPECT_EQ(field(csv, 2, "difference_se_images"), "12.500000");
    EXPECT_EQ(field(csv, 2, "difference_se_classes"), "37.500000");
    EXPECT_EQ(field(csv, 1, "difference_se_classes"), "");
    EXPECT_EQ(field(csv, 2, "difference_other_classes_low"), fmt::format("{:.6f}", spread.other_classes->low()));
    const std::string page = summary_markdown(kPlan, rows, 4);
    EXPECT_NE(page.find("| lda | 5 | 2 | same | +37.50 | 17.68 | 12.50 | 37.50 |"), std::string::npos) << page;
}

TEST(SweepSummary, DrawsWithImagesOfTheirOwnAreCorrectedForTheirOverlap) {
    const std::vector<SweepResult> results = {
        result(0, 1, {true, false, false, false}, 1), result(1, 1, {true, true, false, false}, 1),
        result(0, 2, {true, false, false, false}, 2), result(1, 2, {true, true, true, false}, 2)};
    const auto rows = summarise(kPlan, results);
    ASSERT_TRUE(rows[1].difference_spread);
    const evaluation::Spread& spread = *rows[1].difference_spread;
    EXPECT_FALSE(spread.same_images);
    // 25 and 50 points; four test images for eight training images.
    const double variance = 625.0 / 2 * (1.0 / 2 + 4 / kTrained);
    EXPECT_NEAR(spread.same_classes->half_width, std::sqrt(variance) * evaluation::student_t_quantile(0.975, 1), 1e-6);
    EXPECT_EQ(field(summary_csv(rows), 2, "test_images"), "own");
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
              "difference_low,difference_high,test_images,top1_sd_draws,top1_se_images,top1_se_classes,top1_same_"
              "classes_low,top1_same_classes_high,top1_other_classes_low,top1_other_classes_high,difference_sd_draws,"
              "difference_se_images,difference_se_classes,difference_same_classes_low,difference_same_classes_high,"
              "difference_other_classes_low,difference_other_classes_high\n"
              "usual|recipe,5,1,50.000000,48.999100,images,100.000000,1.000000,0.000000,0.000000,2.00,,,,same,,35."
              "355339,0.000000,,,,,,,,,,,\n"
              "lda,5,1,75.000000,42.434465,images,100.000000,1.000000,0.000000,0.000000,2.00,25.000000,-23.999100,73."
              "999100,same,,25.000000,25.000000,,,,,,25.000000,25.000000,,,,\n");
    const std::string page = summary_markdown(kPlan, rows, 2);
    EXPECT_NE(page.find("2 of 2 runs are finished"), std::string::npos) << page;
    EXPECT_NE(page.find("| usual\\|recipe | 5 | 1 | 50.00 | 49.00 | images |"), std::string::npos) << page;
    EXPECT_NE(page.find("| +25.00 | -24.00 | +74.00 |"), std::string::npos) << page;
}

}  // namespace
}  // namespace kaziranga::training
