#include "studies/bias_variance/learners.hpp"

#include "studies/common/draws.hpp"

#include <utility>
#include <vector>

#include <ATen/ops/arange.h>
#include <ATen/ops/eye.h>
#include <ATen/ops/randint.h>
#include <ATen/ops/stack.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

namespace kaziranga::studies {
namespace {

using at::Tensor;

Tensor start_of(const NetworkShape& shape, const at::Generator& from) {
    return normal({shape.parameters()}, from) * shape.start_deviations();
}

/// The objective by NetworkShape::predict and LibTorch's own losses, for autograd.
Tensor objective(const NetworkShape& shape, const Tensor& w, const Tensor& x, const Tensor& t, double weight_decay) {
    const Tensor y = shape.predict(w, x);
    const Tensor penalised = w.narrow(0, 0, w.numel() - shape.outputs);
    const Tensor loss = t.dim() == 2 ? (y - t).square().mean() : -y.log_softmax(1).gather(1, t.unsqueeze(1)).mean();
    return loss + weight_decay * penalised.square().sum();
}

class ValueAndGradient : public testing::TestWithParam<int64_t> {};

TEST_P(ValueAndGradient, AreThoseOfAutograd) {
    const at::Generator from = generator(3, {static_cast<uint64_t>(GetParam())});
    const NetworkShape one{.inputs = 1, .hidden_layers = GetParam(), .width = 5};
    const NetworkShape classes{.inputs = 3, .outputs = 4, .hidden_layers = GetParam(), .width = 5};
    for (const auto& [shape, t] :
         {std::pair{one, normal({7, 1}, from)}, std::pair{classes, at::randint(4, {7}, from, at::kLong)}}) {
        const Tensor x = normal({7, shape.inputs}, from), w = start_of(shape, from);
        NetworkLoss loss(shape, x, t, 0.03);
        const double value = loss.move_to(w);
        const Tensor leaf = w.clone().requires_grad_();
        const Tensor expected = objective(shape, leaf, x, t, 0.03);
        EXPECT_NEAR(value, expected.item<double>(), 1e-14);
        EXPECT_TRUE(at::allclose(loss.gradient(), torch::autograd::grad({expected}, {leaf})[0], 1e-12, 1e-14));
    }
}

INSTANTIATE_TEST_SUITE_P(Layers, ValueAndGradient, testing::Values(0, 1, 3));

/// By rows of the Jacobian that autograd gives.
TEST(InverseCurvature, IsTheInverseOfGaussNewtonAndPenaltyAndDamping) {
    const at::Generator from = generator(4, {});
    const NetworkShape shape{.hidden_layers = 2, .width = 4};
    const Tensor x = normal({6, 1}, from), w = start_of(shape, from);
    NetworkLoss loss(shape, x, normal({6, 1}, from), 0.03);
    loss.move_to(w);
    std::vector<Tensor> rows;
    const Tensor leaf = w.clone().requires_grad_(), y = shape.predict(leaf, x);
    for (int64_t n = 0; n < 6; ++n) rows.push_back(torch::autograd::grad({y[n].sum()}, {leaf}, {}, true)[0]);
    const Tensor jacobian = at::stack(rows);
    Tensor matrix = 2.0 / 6 * jacobian.t().matmul(jacobian) + (0.06 + 0.01) * at::eye(w.numel(), at::kDouble);
    matrix[-1][-1] -= 0.06;  // the output's bias is free
    const Tensor v = normal({w.numel()}, from);
    EXPECT_TRUE(at::allclose(matrix.matmul(loss.inverse_curvature(0.01)(v)), v, 1e-10, 1e-11));
}

/// From a far start, to a point where autograd sees no slope either and the Hessian has no direction down.
TEST(Descend, EndsAtAMinimumOfAPenalisedNetwork) {
    const at::Generator from = generator(5, {});
    const NetworkShape shape{.hidden_layers = 2, .width = 6};
    const Tensor x = uniform({30, 1}, 0, 1, from), t = (7 * x).sin() + 0.3 * normal({30, 1}, from);
    const LearnerOptions options{.weight_decay = 1e-3, .steps = 3000};
    NetworkLoss loss(shape, x, t, options.weight_decay);
    const Tensor start = 3 * start_of(shape, from);
    const double first = loss.move_to(start);
    const End end = descend(loss, start, options);
    ASSERT_TRUE(end.converged) << end.gradient_norm;
    const Tensor leaf = end.w.clone().requires_grad_();
    const Tensor value = objective(shape, leaf, x, t, options.weight_decay);
    EXPECT_LE(torch::autograd::grad({value}, {leaf})[0].norm().item<double>(), 1.001 * options.tolerance);
    EXPECT_LT(value.item<double>(), first);
    for (int i = 0; i < 20; ++i) {
        const Tensor near = end.w + 0.02 * normal(end.w.sizes(), from);
        EXPECT_GT(loss.move_to(near), value.item<double>());
    }
}

/// Cross-entropy of classes that can be told apart has no minimum without a penalty, and one with it.
TEST(Descend, ComesToTheMinimumOfSeparableClassesOnlyWithAPenalty) {
    const NetworkShape shape{.inputs = 1, .outputs = 2, .hidden_layers = 0};
    const Tensor x = at::arange(-3, 4, 2, at::kDouble).unsqueeze(1), t = (x.squeeze(1) > 0).to(at::kLong);
    const Tensor start = start_of(shape, generator(6, {}));
    NetworkLoss penalised(shape, x, t, 1e-2), free(shape, x, t, 0);
    const End end = descend(penalised, start, {.weight_decay = 1e-2, .steps = 200});
    EXPECT_TRUE(end.converged);
    const End small = descend(free, start, {.weight_decay = 0, .tolerance = 1e-3, .steps = 200}),
              smaller = descend(free, start, {.weight_decay = 0, .tolerance = 1e-6, .steps = 200});
    EXPECT_GT(smaller.w.norm().item<double>(), small.w.norm().item<double>() + 1);
}

TEST(Learners, WithoutHiddenLayersAreTheRidgeLinesOfTheirPoints) {
    const at::Generator from = generator(8, {});
    constexpr int64_t kLearners = 9, kPoints = 12;
    const Tensor x = uniform({kLearners, kPoints, 1}, 0, 1, from), t = normal(x.sizes(), from);
    Learners learners(kLearners, {.hidden_layers = 0}, from);
    const Convergence c = learners.train(x, t, {.weight_decay = 0.02});
    EXPECT_TRUE(c.complete());
    EXPECT_LE(c.largest_gradient, LearnerOptions{}.tolerance);
    const Tensor middle = x.mean(1, true), height = t.mean(1, true), along = x - middle;
    const Tensor slope = (along * t).sum(1, true) / (along.square().sum(1, true) + kPoints * 0.02);
    EXPECT_TRUE(at::allclose(learners.predict(x), height + slope * along, 1e-4, 1e-4));
}

TEST(Learners, ThatRunOutOfStepsSaySo) {
    const at::Generator from = generator(9, {});
    const Tensor x = uniform({5, 12, 1}, 0, 1, from), t = (9 * x).sin();
    Learners learners(5, {.hidden_layers = 2, .width = 8}, from);
    const Convergence c = learners.train(x, t, {.weight_decay = 1e-4, .steps = 3});
    EXPECT_EQ(c.converged, 0);
    EXPECT_EQ(c.most_iterations, 3);
    EXPECT_GT(c.largest_gradient, LearnerOptions{}.tolerance);
    EXPECT_EQ(short_of_minimum(c, "networks with 2 hidden layers", 3),
              "5 of 5 networks with 2 hidden layers did not come to a gradient of 1e-06 in 3 steps");
}

}  // namespace
}  // namespace kaziranga::studies
