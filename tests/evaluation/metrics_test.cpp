#include "evaluation/metrics.hpp"

#include <cmath>

#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>
#include <gtest/gtest.h>

namespace kaziranga::evaluation {
namespace {

/// Logits whose best class is the given one for each image.
at::Tensor guesses(const std::vector<int64_t>& best, int64_t classes) {
    at::Tensor logits = at::zeros({static_cast<int64_t>(best.size()), classes});
    for (size_t i = 0; i < best.size(); ++i) logits[static_cast<int64_t>(i)][best[i]] = 3.0;
    return logits;
}

TEST(Metrics, CountByHand) {
    // Class 0: two images, one right. Class 1: one image, given class 0. Class 2: one image, right. Class 3: none.
    const at::Tensor logits = guesses({0, 2, 0, 2}, 4);
    const at::Tensor labels = at::tensor({0, 0, 1, 2}, at::kLong);
    const Metrics m = measure(logits, labels);
    EXPECT_EQ(m.n, 4);
    EXPECT_DOUBLE_EQ(m.top1, 50.0);
    EXPECT_DOUBLE_EQ(m.top5, 100.0);
    // F1 of class 0: 1 hit, 2 predicted, 2 present: 1/2. Class 1: 0. Class 2: 2·1/(2+1). Class 3 does not occur.
    EXPECT_NEAR(m.macro_f1, (0.5 + 0 + 2.0 / 3) / 3, 1e-12);

    const auto classes = measure_classes(logits, labels);
    EXPECT_EQ(classes[0].n, 2);
    EXPECT_DOUBLE_EQ(classes[0].recall, 0.5);
    EXPECT_EQ(classes[0].most_confused, 2);
    EXPECT_EQ(classes[1].most_confused, 0);
    EXPECT_EQ(classes[1].precision, 0);
    EXPECT_EQ(classes[3].n + classes[3].predicted, 0);
    EXPECT_EQ(classes[3].most_confused, -1);
}

TEST(Metrics, LossIsTheMeanCrossEntropy) {
    const Metrics m = measure(at::zeros({3, 10}), at::tensor({1, 2, 3}, at::kLong));
    EXPECT_NEAR(m.loss, std::log(10.0), 1e-12);
}

TEST(Metrics, CalibrationErrorIsTheGapBetweenConfidenceAndAccuracy) {
    // Sure of everything, right half the time.
    const Metrics m = measure(guesses({0, 0}, 2) * 100, at::tensor({0, 1}, at::kLong));
    EXPECT_NEAR(m.ece, 0.5, 1e-9);
}

TEST(Metrics, TopFiveOfThreeClassesIsEverything) {
    EXPECT_DOUBLE_EQ(measure(guesses({0}, 3), at::tensor({2}, at::kLong)).top5, 100.0);
}

}  // namespace
}  // namespace kaziranga::evaluation
