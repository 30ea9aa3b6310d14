#include "training/loop/schedule.hpp"

#include <string>

#include <gtest/gtest.h>

namespace kaziranga::training {
namespace {

constexpr int64_t kStepsAnEpoch = 4;

/// Of a training of so many epochs.
Moment at_step(int64_t step, int64_t epochs) {
    return {.step = step, .steps = epochs * kStepsAnEpoch, .steps_an_epoch = kStepsAnEpoch};
}

Moment at_epoch(double epoch, int64_t epochs) {
    return at_step(static_cast<int64_t>(epoch * kStepsAnEpoch), epochs);
}

TEST(LearningRate, RisesOverTheWarmUpThenFallsToTheMinimum) {
    for (const char* name : {"cosine", "linear"}) {
        const SchedulerOptions options{
            .name = core::config::value_of<Schedule>(name), .warmup_epochs = 2, .min_lr = 0.01};
        EXPECT_NEAR(learning_rate(at_epoch(0, 10), 1.0, options), 0.01, 1e-12) << name;
        EXPECT_NEAR(learning_rate(at_epoch(1, 10), 1.0, options), 0.505, 1e-12) << name;
        EXPECT_NEAR(learning_rate(at_epoch(2, 10), 1.0, options), 1.0, 1e-12) << name;
        EXPECT_NEAR(learning_rate(at_epoch(6, 10), 1.0, options), 0.505, 1e-12) << name;  // half way both meet
        EXPECT_NEAR(learning_rate(at_epoch(10, 10), 1.0, options), 0.01, 1e-12) << name;
        for (double e = 2; e < 10; e += 0.25) {
            EXPECT_GE(learning_rate(at_epoch(e, 10), 1.0, options), learning_rate(at_epoch(e + 0.25, 10), 1.0, options))
                << name;
        }
    }
}

TEST(LearningRate, IsNeverZeroBeforeTheLastStep) {
    for (const char* name : {"constant", "cosine", "linear", "step", "plateau", "one_cycle"}) {
        for (const double warmup : {0.0, 0.1, 2.5}) {
            if (std::string(name) == "one_cycle" && warmup > 0) continue;
            const SchedulerOptions options{
                .name = core::config::value_of<Schedule>(name), .warmup_epochs = warmup, .min_lr = 0};
            for (int64_t step = 0; step < 5 * kStepsAnEpoch; ++step) {
                EXPECT_GT(learning_rate(at_step(step, 5), 0.1, options), 0) << name << " " << warmup << " " << step;
            }
        }
    }
}

TEST(LearningRate, StaysWhereItIsConstant) {
    const SchedulerOptions options{.name = Schedule::kConstant, .warmup_epochs = 0, .min_lr = 0};
    for (const double e : {0.0, 3.0, 9.75}) EXPECT_EQ(learning_rate(at_epoch(e, 10), 0.3, options), 0.3);
}

TEST(LearningRate, IsOnTheWayToThePeakWhenWarmUpIsAllThereIs) {
    const SchedulerOptions options{.name = Schedule::kCosine, .warmup_epochs = 5, .min_lr = 0};
    EXPECT_NEAR(learning_rate(at_epoch(4, 5), 1.0, options), 0.01 + 0.99 * 0.8, 1e-12);
}

TEST(LearningRate, StepMultipliesAtEachStep) {
    const SchedulerOptions options{.name = Schedule::kStep, .step_epochs = 3, .gamma = 0.5};
    EXPECT_EQ(learning_rate(at_epoch(2.75, 10), 1.0, options), 1.0);
    EXPECT_EQ(learning_rate(at_epoch(3.0, 10), 1.0, options), 0.5);
    EXPECT_EQ(learning_rate(at_epoch(9.5, 10), 1.0, options), 0.125);
}

/// The peak and both ends are steps, the last one included.
TEST(OneCycle, RateRisesAndFallsAndMomentumGoesAgainstIt) {
    const SchedulerOptions options{.name = Schedule::kOneCycle};
    const OptimizerOptions optimizer;
    constexpr int64_t kEpochs = 10;  // 40 steps: the peak at 0.3 * 40 - 1
    EXPECT_NEAR(learning_rate(at_step(0, kEpochs), 1.0, options), 0.04, 1e-12);
    EXPECT_NEAR(learning_rate(at_step(11, kEpochs), 1.0, options), 1.0, 1e-12);
    EXPECT_NEAR(learning_rate(at_step(25, kEpochs), 1.0, options), (1 + 4e-6) / 2, 1e-12);
    EXPECT_NEAR(learning_rate(at_step(39, kEpochs), 1.0, options), 4e-6, 1e-12);
    EXPECT_NEAR(momentum(at_step(0, kEpochs), optimizer, options), 0.95, 1e-12);
    EXPECT_NEAR(momentum(at_step(11, kEpochs), optimizer, options), 0.85, 1e-12);
    EXPECT_NEAR(momentum(at_step(25, kEpochs), optimizer, options), 0.9, 1e-12);
    EXPECT_NEAR(momentum(at_step(39, kEpochs), optimizer, options), 0.95, 1e-12);
}

TEST(Momentum, IsTheOptimisersInEveryOtherSchedule) {
    for (const char* name : {"constant", "cosine", "linear", "step", "plateau"}) {
        for (const int64_t step : {0, 7, 19}) {
            EXPECT_EQ(momentum(at_step(step, 5), {.momentum = 0.7}, {.name = core::config::value_of<Schedule>(name)}),
                      0.7)
                << name;
        }
    }
}

}  // namespace
}  // namespace kaziranga::training
