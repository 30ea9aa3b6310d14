#include "studies/reproduce/overfitting.hpp"

#include "core/random.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace kaziranga::studies {
namespace {

constexpr size_t kSeeds = 40, kEpochs = 15;

/// Runs whose test loss goes along `course` from 0 to 1 with chance on top, and whose training loss falls by one.
std::vector<ArmResult> runs_along(double (*course)(double), double chance) {
    std::vector<ArmResult> runs(kSeeds);
    for (size_t j = 0; j < kSeeds; ++j) {
        core::RandomStream stream(j, core::Purpose::kTest, {5});
        for (size_t e = 0; e < kEpochs; ++e) {
            const double done = static_cast<double>(e) / (kEpochs - 1);
            runs[j].curve.test_loss.push_back(course(done) + chance * stream.normal());
            runs[j].curve.train_loss.push_back(1 - done);
        }
    }
    return runs;
}

Turn mean_turn(const std::vector<ArmResult>& all) {
    Runs runs(1);
    for (const ArmResult& run : all) runs[0].push_back(&run);
    Turn mean;
    for (const auto& [run, turn] : turns_of(runs)) {
        mean.rise += turn.rise / kSeeds;
        mean.fall += turn.fall / kSeeds;
    }
    return mean;
}

/// The lowest of fifteen chance values lies 1.7 deviations below the last: that is not over-fitting.
TEST(Overfitting, ChanceAloneShowsNoRise) {
    EXPECT_NEAR(mean_turn(runs_along([](double) { return 2.0; }, 0.1)).rise, 0, 0.05);
}

TEST(Overfitting, ARiseIsFoundAtItsHeight) {
    const Turn turn = mean_turn(runs_along([](double x) { return 2 + (x - 0.5) * (x - 0.5); }, 0.01));
    EXPECT_NEAR(turn.rise, 0.25, 0.01);
    EXPECT_NEAR(turn.fall, 0.5, 0.1);
}

TEST(Overfitting, ALossThatFallsToTheEndDoesNotRise) {
    const Turn turn = mean_turn(runs_along([](double x) { return 3 - x; }, 0.001));
    EXPECT_EQ(turn.rise, 0);
    EXPECT_EQ(turn.fall, 0);
}

TEST(Overfitting, OneSeedTellsNothing) {
    const auto all = runs_along([](double) { return 1.0; }, 0.1);
    EXPECT_TRUE(turns_of({{&all.front()}}).empty());
}

}  // namespace
}  // namespace kaziranga::studies
