#include "models/source_head.hpp"

#include "core/error.hpp"
#include "models/head_forms.hpp"

#include <gtest/gtest.h>

namespace kaziranga::models {
namespace {

constexpr int64_t kFeatures = 6, kSources = 4, kClasses = 3;

SourceLayer some_layer() {
    torch::manual_seed(2);
    return {torch::randn({kSources, kFeatures}), torch::randn({kSources})};
}

SourceHead some_head() {
    SourceHead head(
        {.form = HeadForm::kSource, .features = kFeatures, .classes = kClasses, .source_classes = kSources});
    head.set_source(some_layer());
    return head;
}

TEST(SourceLikeness, IsTheFourthRootOfTheSourceProbabilities) {
    const SourceLayer layer = some_layer();
    const torch::Tensor x = torch::randn({5, kFeatures});
    const torch::Tensor p = (x.matmul(layer.weight.t()) + layer.bias).softmax(1);
    EXPECT_TRUE(source_likeness(x, layer).allclose(p.pow(0.25), 1e-5, 1e-6));
}

TEST(SourceLikeness, TakesEveryViewByItself) {
    const SourceLayer layer = some_layer();
    const torch::Tensor x = torch::randn({5, 2, kFeatures});
    const torch::Tensor all = source_likeness(x, layer);
    for (int64_t view = 0; view < 2; ++view) {
        EXPECT_TRUE(all.select(1, view).allclose(source_likeness(x.select(1, view).contiguous(), layer), 1e-5, 1e-6));
    }
}

TEST(SourceLikeness, OfASourceThatIsCertainHasFiniteGradients) {
    SourceLayer layer = some_layer();
    layer.weight.mul_(1e4);
    torch::Tensor x = torch::randn({5, kFeatures}).requires_grad_();
    const torch::Tensor likeness = source_likeness(x, layer);
    likeness.sum().backward();
    EXPECT_TRUE(likeness.isfinite().all().item<bool>());
    EXPECT_TRUE(x.grad().isfinite().all().item<bool>());
}

TEST(SourceHead, IsLinearInFeaturesAndLikenessTogether) {
    const torch::NoGradGuard no_grad;
    SourceHead head = some_head();
    const torch::Tensor x = torch::randn({5, kFeatures});
    const torch::Tensor expected =
        x.matmul(head.weight.narrow(1, 0, kFeatures).t()) +
        source_likeness(x, some_layer()).matmul(head.weight.narrow(1, kFeatures, kSources).t()) + head.bias;
    EXPECT_TRUE(head.forward(x).allclose(expected, 1e-5, 1e-5));
}

TEST(SourceHead, TrainsItsWeightsAndNotTheSourceLayer) {
    SourceHead head = some_head();
    head.forward(torch::randn({5, kFeatures})).sum().backward();
    EXPECT_TRUE(head.weight.grad().defined());
    EXPECT_EQ(head.parameters().size(), 2U);
    EXPECT_TRUE(head.source().weight.equal(some_layer().weight));
}

TEST(MakeHead, RefusesSourceClassesWhereTheyDoNotBelong) {
    EXPECT_NO_THROW(make_head({.form = HeadForm::kSource, .features = 2, .classes = 2, .source_classes = 3}));
    EXPECT_THROW(make_head({.form = HeadForm::kSource, .features = 2, .classes = 2}), core::Error);
    EXPECT_THROW(make_head({.form = HeadForm::kLinear, .features = 2, .classes = 2, .source_classes = 3}), core::Error);
}

}  // namespace
}  // namespace kaziranga::models
