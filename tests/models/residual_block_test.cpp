#include "models/residual_block.hpp"

#include <ATen/TensorIndexing.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

namespace kaziranga::models {
namespace {

using at::Tensor;

struct Case {
    const char* name;
    int64_t kernel;
    bool norm, training;
};

class EveryResidualBlock : public testing::TestWithParam<Case> {
  protected:
    std::shared_ptr<ResidualBlock> make(int64_t channels) const {
        auto block = std::make_shared<ResidualBlock>(ResidualOptions{
            .in = channels, .width = channels, .kernel = GetParam().kernel, .batch_norm = GetParam().norm});
        block->to(at::kDouble);
        block->train(GetParam().training);
        return block;
    }
    Tensor input(int64_t channels) const {
        const int64_t side = GetParam().kernel == 1 ? 1 : 5;
        return at::randn({4, channels, side, side}, at::kDouble);
    }
};

/// What the derived equations say, against autograd on the same steps.
TEST_P(EveryResidualBlock, HasTheGradientsOfAutograd) {
    at::manual_seed(1);
    const auto block = make(3);
    const Tensor x = input(3).requires_grad_();
    const ResidualValues v = block->values(x);
    const Tensor dy = at::randn_like(v.y);
    std::vector<Tensor> by = {v.z3, v.z2, v.z1, x};
    for (const Tensor& parameter : block->parameters()) by.push_back(parameter);
    const auto truth = torch::autograd::grad({(v.y * dy).sum()}, by);
    const ResidualGradients hand = block->gradients(x, v, dy);
    const Tensor by_hand[] = {hand.z3, hand.z2, hand.z1, hand.x};
    for (size_t i = 0; i < std::size(by_hand); ++i) {
        EXPECT_TRUE(at::allclose(by_hand[i], truth[i], 1e-11, 1e-12)) << "gradient " << i;
    }
    const Tensor through = block->forward_by_hand(x);
    EXPECT_TRUE(at::allclose(through, v.y, 1e-14, 1e-14));
    const std::vector<Tensor> ends(by.begin() + 3, by.end());
    const auto carried = torch::autograd::grad({(through * dy).sum()}, ends);
    for (size_t i = 0; i < ends.size(); ++i) {
        EXPECT_TRUE(at::allclose(carried[i], truth[3 + i], 1e-11, 1e-12)) << "x or parameter " << i;
    }
}

/// The "1 +": with F = 0 the gradient passes the sum unchanged, and a sum of exactly 0 lets nothing through.
TEST_P(EveryResidualBlock, HandsTheGradientOnWhereFIsNothing) {
    const auto block = make(2);
    {
        const at::NoGradGuard no_grad;
        for (const auto& item : block->named_parameters()) item.value().zero_();
    }
    Tensor x = input(2);
    x.index_put_({0}, 0);
    const ResidualValues v = block->values(x);
    ASSERT_TRUE((v.z3.index({0}) == 0).all().item<bool>());
    const Tensor dy = at::ones_like(x);
    EXPECT_TRUE(at::equal(block->gradients(x, v, dy).x, (x > 0).to(at::kDouble)));
}

INSTANTIATE_TEST_SUITE_P(Kinds, EveryResidualBlock,
                         testing::Values(Case{"dense", 1, false, true}, Case{"dense_norm", 1, true, true},
                                         Case{"dense_fixed_norm", 1, true, false}, Case{"conv", 3, false, true},
                                         Case{"conv_norm", 3, true, true}, Case{"conv_fixed_norm", 3, true, false}),
                         [](const auto& one) { return one.param.name; });

TEST(ResidualBlock, IsTheOneThatResNetIsBuiltFrom) {
    ResidualBlock block(64, 64, 1);
    std::vector<std::string> names;
    for (const auto& item : block.named_parameters()) names.push_back(item.key());
    EXPECT_EQ(names, (std::vector<std::string>{"conv1.weight", "bn1.weight", "bn1.bias", "conv2.weight", "bn2.weight",
                                               "bn2.bias"}));
    block.eval();
    const at::NoGradGuard no_grad;
    const Tensor x = at::randn({2, 64, 6, 6});
    EXPECT_TRUE(at::equal(block.forward(x), block.values(x).y));
}

TEST(ResidualBlock, RefusesGradientsByHandWhereTheShortcutHasWeights) {
    ResidualBlock block(8, 16, 2);
    EXPECT_THROW(block.forward_by_hand(at::randn({2, 8, 6, 6})), c10::Error);
}

}  // namespace
}  // namespace kaziranga::models
