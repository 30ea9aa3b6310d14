#include "training/schedule.hpp"

#include <gtest/gtest.h>

namespace kaziranga::training {
namespace {

TEST(LearningRate, RisesOverTheWarmUpThenFallsToTheMinimum) {
    for (const char* name : {"cosine", "linear"}) {
        const SchedulerOptions options{.name = name, .warmup_epochs = 2, .min_lr = 0.01};
        EXPECT_EQ(learning_rate(0, 10, 1.0, options), 0.0) << name;
        EXPECT_NEAR(learning_rate(1, 10, 1.0, options), 0.5, 1e-12) << name;
        EXPECT_NEAR(learning_rate(2, 10, 1.0, options), 1.0, 1e-12) << name;
        EXPECT_NEAR(learning_rate(6, 10, 1.0, options), 0.505, 1e-12) << name;  // half way both meet
        EXPECT_NEAR(learning_rate(10, 10, 1.0, options), 0.01, 1e-12) << name;
        for (double e = 2; e < 10; e += 0.25) {
            EXPECT_GE(learning_rate(e, 10, 1.0, options), learning_rate(e + 0.25, 10, 1.0, options)) << name;
        }
    }
}

TEST(LearningRate, StaysWhereItIsConstant) {
    const SchedulerOptions options{.name = "constant", .warmup_epochs = 0, .min_lr = 0};
    for (const double e : {0.0, 3.0, 9.9}) EXPECT_EQ(learning_rate(e, 10, 0.3, options), 0.3);
}

TEST(LearningRate, IsThePeakWhenWarmUpIsAllThereIs) {
    const SchedulerOptions options{.name = "cosine", .warmup_epochs = 5, .min_lr = 0};
    EXPECT_NEAR(learning_rate(4, 5, 1.0, options), 0.8, 1e-12);
}

TEST(LearningRate, StepMultipliesAtEachStep) {
    const SchedulerOptions options{.name = "step", .step_epochs = 3, .gamma = 0.5};
    EXPECT_EQ(learning_rate(2.9, 10, 1.0, options), 1.0);
    EXPECT_EQ(learning_rate(3.0, 10, 1.0, options), 0.5);
    EXPECT_EQ(learning_rate(9.5, 10, 1.0, options), 0.125);
}

TEST(LearningRate, OneCycleRisesAndFalls) {
    const SchedulerOptions options{.name = "one_cycle"};
    EXPECT_NEAR(learning_rate(0, 10, 1.0, options), 0.04, 1e-12);
    EXPECT_NEAR(learning_rate(3, 10, 1.0, options), 1.0, 1e-12);
    EXPECT_NEAR(learning_rate(1.5, 10, 1.0, options), 0.52, 1e-12);
    EXPECT_NEAR(learning_rate(10, 10, 1.0, options), 4e-6, 1e-12);
}

}  // namespace
}  // namespace kaziranga::training
