#include "training/heads/head_input.hpp"

#include "models/head_forms.hpp"
#include "training/heads/calibrated.hpp"
#include "training/heads/selection.hpp"
#include "training/heads/standardisation.hpp"

#include <ATen/ops/arange.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>
#include <c10/core/GradMode.h>
#include <gtest/gtest.h>
#include <torch/utils.h>

namespace kaziranga::training {
namespace {

constexpr int64_t kFeatures = 6, kSources = 5, kClasses = 3;

models::SourceLayer some_layer() {
    torch::manual_seed(3);
    return {at::randn({kSources, kFeatures}), at::randn({kSources})};
}

std::shared_ptr<models::Head> some_linear(int64_t inputs) {
    return linear_head({at::randn({kClasses, inputs}, at::kDouble), at::randn({kClasses}, at::kDouble)});
}

HeadOptions asking(HeadKind type, const std::vector<InputKind>& inputs) {
    HeadOptions options;
    options.type = type;
    options.inputs = inputs;
    return options;
}

TEST(HeadInputs, AutoTakesBothForAutoWhereThereIsASourceLayer) {
    const at::Tensor x = at::randn({4, 2, kFeatures});
    EXPECT_EQ(head_inputs(asking(HeadKind::kAuto, {InputKind::kAuto}), x, 0, some_layer()).size(), 2U);
    EXPECT_EQ(head_inputs(asking(HeadKind::kAuto, {InputKind::kAuto}), x, 0, {}).size(), 1U);
    EXPECT_EQ(head_inputs(asking(HeadKind::kLda, {InputKind::kAuto}), x, 0, some_layer()).size(), 1U);
    const auto source = head_inputs(asking(HeadKind::kLda, {InputKind::kSource}), x, 0, some_layer());
    ASSERT_EQ(source.size(), 1U);
    EXPECT_EQ(source.front().x.sizes(), at::IntArrayRef({4, 2, kSources}));
}

TEST(HeadInputs, RefusesSourceClassesOfWeightsWithoutAnOutputLayer) {
    EXPECT_THROW(head_inputs(asking(HeadKind::kLda, {InputKind::kSource}), at::randn({4, 1, kFeatures}), 0, {}),
                 c10::Error);
}

constexpr int64_t kStages = 4;

std::vector<HeadInput> all_inputs(const at::Tensor& x) {
    return head_inputs(asking(HeadKind::kAuto, {InputKind::kFeatures, InputKind::kStages, InputKind::kSource}), x,
                       kStages, some_layer());
}

TEST(HeadInputs, FeaturesOfEarlierStagesAreTheLastColumns) {
    const at::Tensor x = at::randn({4, 2, kFeatures + kStages});
    const auto inputs = all_inputs(x);
    ASSERT_EQ(inputs.size(), 3U);
    EXPECT_TRUE(inputs[0].x.equal(x.narrow(2, 0, kFeatures)));
    EXPECT_TRUE(inputs[1].x.equal(x));
    EXPECT_TRUE(inputs[2].x.equal(models::source_likeness(x.narrow(2, 0, kFeatures), some_layer())));
}

TEST(HeadOfNetwork, SaysTheSameAsTheHeadOfItsInput) {
    const c10::NoGradGuard no_grad;
    const at::Tensor x = at::randn({7, 1, kFeatures + kStages});
    const auto inputs = all_inputs(x);
    for (const HeadInput& input : inputs) {
        const auto head = some_linear(input.x.size(2));
        const at::Tensor expected = head->forward(input.x.flatten(0, 1));
        for (const HeadInput& other : inputs) {
            const auto whole = head_of_network(head, input, joined(input.columns, other.columns));
            EXPECT_EQ(whole->spec().stage_features > 0, input.columns.stages > 0 || other.columns.stages > 0);
            EXPECT_TRUE(models::mean_logits(*whole, x).allclose(expected, 1e-4, 1e-5)) << input.suffix << other.suffix;
        }
    }
}

TEST(HeadOfNetwork, AHeadThatIsNotLinearLearnsWhichFeaturesAreOfStages) {
    const auto inputs = all_inputs(at::randn({7, 1, kFeatures + kStages}));
    const auto head =
        models::make_head({.form = models::HeadForm::kCosine, .features = kFeatures + kStages, .classes = kClasses});
    const auto whole = head_of_network(head, inputs[1], inputs[1].columns);
    EXPECT_EQ(whole->spec().stage_features, kStages);
    EXPECT_TRUE(whole->forward(inputs[1].x.flatten(0, 1)).equal(head->forward(inputs[1].x.flatten(0, 1))));
}

TEST(HeadOfNetwork, HeadsOfSeveralInputsHaveAMean) {
    const c10::NoGradGuard no_grad;
    const at::Tensor x = at::randn({7, 1, kFeatures + kStages});
    std::vector<std::shared_ptr<models::Head>> heads;
    at::Tensor expected = at::zeros({7, kClasses});
    const auto inputs = all_inputs(x);
    const HeadColumns all = joined(joined(inputs[0].columns, inputs[1].columns), inputs[2].columns);
    for (const HeadInput& input : inputs) {
        heads.push_back(head_of_network(some_linear(input.x.size(2)), input, all));
        expected.add_(models::mean_logits(*heads.back(), x), static_cast<double>(heads.size()) / 3);
    }
    EXPECT_TRUE(models::mean_logits(*averaged(heads, {1, 2, 3}), x).allclose(expected, 1e-4, 1e-4));
}

TEST(SolveHead, FindsThatSourceClassesTellMore) {
    torch::manual_seed(4);
    constexpr int64_t kImages = 30;
    // Class 1 lies on both sides of class 0: no line parts them, but the source knows of a middle and two sides.
    const at::Tensor y = at::arange(2 * kImages).remainder(2);
    const at::Tensor sign = at::arange(2 * kImages).div(2, "floor").remainder(2) * 2 - 1;
    at::Tensor x = at::randn({2 * kImages, 1, 2}) * 0.2;
    x.select(2, 0).squeeze(1).add_(sign * (y * 3));
    const at::Tensor towards = at::tensor({-4.0F, 0.0F, 4.0F});
    const models::SourceLayer layer{at::stack({towards, at::zeros_like(towards)}, 1), -towards.abs()};
    HeadOptions options;
    const SolvedHead solved = solve_head({x, y, 2, 0, layer}, options, {});
    const c10::NoGradGuard no_grad;
    EXPECT_EQ(solved.head->spec().form, models::HeadForm::kSource);
    EXPECT_TRUE(solved.head->forward(x.select(1, 0)).argmax(1).equal(y));
    const SolvedHead plain = solve_head({x, y, 2, 0}, options, {});
    EXPECT_EQ(plain.head->spec().form, models::HeadForm::kLinear);
    EXPECT_FALSE(plain.head->forward(x.select(1, 0)).argmax(1).equal(y));
}

}  // namespace
}  // namespace kaziranga::training
