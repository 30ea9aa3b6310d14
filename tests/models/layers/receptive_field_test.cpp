#include "models/layers/receptive_field.hpp"

#include "models/conv_stack.hpp"
#include "models/registry.hpp"

#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

namespace kaziranga::models {
namespace {

using at::Tensor;

/// First and last place along the rows of x that moves one place of a map made of it.
std::pair<int64_t, int64_t> touched_rows(const Tensor& x, const Tensor& map, int64_t place) {
    const Tensor dx = torch::autograd::grad({map.select(2, place).sum()}, {x})[0];
    const Tensor rows = at::nonzero((dx != 0).any(3).any(1).any(0));
    return {rows.min().item<int64_t>(), rows.max().item<int64_t>()};
}

/// Any kernel, stride, padding and dilation, one behind the other, against what gradients say.
TEST(ReceptiveField, IsWhatGradientsSayForAnyWindows) {
    at::manual_seed(2);
    const std::vector<std::vector<Window>> chains = {
        {{3, 1, 1, 1, 1}, {3, 1, 1, 1, 1}}, {{5, 2, 2, 2, 1}, {3, 1, 0, 0, 1}, {3, 2, 1, 1, 1}},
        {{3, 1, 2, 2, 2}, {3, 1, 4, 4, 4}}, {{2, 2, 0, 0, 1}, {3, 1, 1, 1, 1}, {2, 2, 0, 0, 1}, {3, 1, 1, 1, 3}},
        {{1, 3, 0, 0, 1}, {4, 1, 0, 0, 2}},
    };
    for (size_t c = 0; c < chains.size(); ++c) {
        const Tensor x = at::rand({1, 1, 80, 1}, at::kDouble).requires_grad_();
        Field field{.size = 80};
        Tensor map = x;
        for (const Window& w : chains[c]) {
            field = field.after(w);
            map = at::conv2d(map, at::ones({1, 1, w.kernel, 1}, at::kDouble), {}, {w.stride, 1}, {w.padding_before, 0},
                             {w.dilation, 1});
        }
        ASSERT_EQ(field.size, map.size(2)) << "chain " << c;
        const int64_t place = field.size / 2;
        EXPECT_EQ(touched_rows(x, map, place),
                  std::pair(field.low + place * field.jump, field.high + place * field.jump))
            << "chain " << c;
    }
}

TEST(ReceptiveField, OfBranchesIsTheOneAroundBoth) {
    const Field in{.size = 32};
    const Field wide = in.after({.kernel = 7, .padding_before = 3, .padding_after = 3});
    const Field shifted = in.after({.kernel = 2, .padding_before = 0, .padding_after = 1});
    const Field both = united(wide, shifted);
    EXPECT_EQ(both.low, -3);
    EXPECT_EQ(both.high, 3);
    EXPECT_EQ(united(shifted, in).extent(), 2);
    EXPECT_THROW(united(wide, in.after({.kernel = 1, .stride = 2})), c10::Error);
}

class FieldOfNetwork : public testing::TestWithParam<std::string> {};

/// A place's size and the distance to the next are those of the feature map itself.
TEST_P(FieldOfNetwork, HasTheSizeOfTheFeatureMap) {
    const at::NoGradGuard no_grad;
    const auto network = find_architecture(GetParam()).make(1);
    network->eval();
    for (const int64_t pixels : {64, 75}) {
        EXPECT_EQ(network->field(pixels).size, network->feature_map(at::rand({1, 3, pixels, 8})).size(2)) << pixels;
    }
}
INSTANTIATE_TEST_SUITE_P(Registry, FieldOfNetwork, testing::ValuesIn(architecture_names()),
                         [](const auto& one) { return one.param; });

/// Torchvision's ResNets stride in the first block of a stage.
TEST(ReceptiveField, OfResNet50IsThatOfItsStrides) {
    EXPECT_EQ(find_architecture("resnet50").make(1)->field(2048).extent(), 427);
    EXPECT_EQ(find_architecture("resnet18").make(1)->field(2048).extent(), 435);
}

/// Four 3×3 convolutions, stride 1, no padding: exactly 9 × 9 pixels. A kernel of 5×5 would see 17 × 17.
TEST(ConvStack, SeesNineByNinePixels) {
    at::manual_seed(3);
    ConvStack stack({.in = 3, .width = 8});
    stack.to(at::kDouble);
    EXPECT_EQ(stack.field({.size = 21}), (Field{.size = 13, .jump = 1, .low = 0, .high = 8}));
    const Tensor x = at::randn({16, 3, 21, 21}, at::kDouble).requires_grad_();
    const Tensor map = stack.forward(x);
    const Tensor dx = torch::autograd::grad({map.select(3, 6).select(2, 6).sum()}, {x})[0];
    const Tensor touched = (dx != 0).any(0).any(0);
    Tensor square = at::zeros({21, 21}, at::kBool);
    square.narrow(0, 6, 9).narrow(1, 6, 9).fill_(true);
    EXPECT_TRUE(at::equal(touched, square)) << touched.sum().item<int64_t>() << " pixels";
}

}  // namespace
}  // namespace kaziranga::models
