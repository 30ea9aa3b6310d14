#include "training/loop/joint_optimizers.hpp"

#include <string>
#include <vector>

#include <ATen/ops/randn.h>
#include <gtest/gtest.h>

namespace kaziranga::training {
namespace {

using torch::optim::AdamWOptions;
using torch::optim::SGDOptions;

/// Matrices, a vector and a kernel in channels-last memory.
std::vector<at::Tensor> parameters() {
    std::vector<at::Tensor> made = {at::randn({5, 3}), at::randn({4, 5}), at::randn({7}),
                                    at::randn({6, 3, 3, 3}).contiguous(at::MemoryFormat::ChannelsLast)};
    for (at::Tensor& parameter : made) parameter.requires_grad_();
    return made;
}

std::vector<at::Tensor> copies(const std::vector<at::Tensor>& of) {
    std::vector<at::Tensor> made;
    for (const at::Tensor& parameter : of) made.push_back(parameter.detach().clone().requires_grad_());
    return made;
}

/// Steps of two optimisers on equal gradients; the second parameter has none before the third step, the last is left
/// out of the fourth.
template <class Ours, class Theirs, class Settings>
void expect_the_same_bits(const Settings& settings, const std::string& what) {
    SCOPED_TRACE(what);
    const std::vector<at::Tensor> ours = parameters(), theirs = copies(ours);
    Ours mine(ours, settings);
    Theirs peer(theirs, settings);
    for (int step = 0; step < 6; ++step) {
        for (size_t i = 0; i < ours.size(); ++i) {
            const bool left_out = (i == 1 && step < 2) || (i == 3 && step == 3);
            const at::Tensor gradient = left_out ? at::Tensor() : at::randn_like(ours[i]);
            ours[i].mutable_grad() = gradient;
            theirs[i].mutable_grad() = left_out ? gradient : gradient.clone();
        }
        mine.step();
        peer.step();
        for (size_t i = 0; i < ours.size(); ++i) {
            EXPECT_TRUE(ours[i].equal(theirs[i])) << "parameter " << i << " after step " << step;
            EXPECT_EQ(ours[i].strides(), theirs[i].strides());
        }
    }
}

TEST(JointSgd, IsLibTorchsToTheBit) {
    const auto check = [](const SGDOptions& settings, const std::string& what) {
        expect_the_same_bits<JointSgd, torch::optim::SGD>(settings, what);
    };
    check(SGDOptions(0.1), "plain");
    check(SGDOptions(0.1).momentum(0.9), "momentum");
    check(SGDOptions(0.1).momentum(0.9).dampening(0.2).weight_decay(0.01), "dampened, with decay");
    check(SGDOptions(0.1).momentum(0.9).nesterov(true).weight_decay(0.01), "Nesterov's");
}

TEST(JointAdamW, IsLibTorchsToTheBit) {
    const auto check = [](const AdamWOptions& settings, const std::string& what) {
        expect_the_same_bits<JointAdamW, torch::optim::AdamW>(settings, what);
    };
    check(AdamWOptions(0.1).weight_decay(0), "without decay");
    check(AdamWOptions(0.1).betas({0.8, 0.99}).weight_decay(0.1), "with decay");
}

}  // namespace
}  // namespace kaziranga::training
