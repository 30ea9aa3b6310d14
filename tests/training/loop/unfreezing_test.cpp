#include "training/loop/unfreezing.hpp"

#include "core/error.hpp"
#include "models/registry.hpp"
#include "models/weights/state_dict.hpp"

#include <map>
#include <set>

#include <ATen/core/grad_mode.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/rand.h>
#include <gtest/gtest.h>

namespace kaziranga::training {
namespace {

std::map<std::string, at::Tensor> buffers_of(const models::Backbone& network) {
    std::map<std::string, at::Tensor> copy;
    for (const auto& item : network.named_buffers()) copy[item.key()] = item.value().clone();
    return copy;
}

TEST(Unfreezing, BatchNormsOfFrozenModulesKeepModeAndStatistics) {
    const auto network = models::find_architecture("resnet18").make(2);
    const Unfreezing unfreezing(*network, {"conv1", "bn1", "layer1", "layer2", "layer3"},
                                {{"1", {"layer3"}}, {"2", {"all"}}});
    const auto moved_after = [&](int64_t epoch, bool train_statistics) {
        unfreezing.enter(epoch, train_statistics);
        const auto before = buffers_of(*network);
        network->forward(at::ones({2, 3, 32, 32}));
        std::set<std::string> moved;
        for (const auto& [name, value] : before) {
            if (!network->named_buffers()[name].equal(value)) moved.insert(name.substr(0, name.find('.')));
        }
        return moved;
    };
    EXPECT_EQ(moved_after(0, true), (std::set<std::string>{"layer4"}));
    EXPECT_EQ(moved_after(1, true), (std::set<std::string>{"layer3", "layer4"}));
    EXPECT_EQ(moved_after(2, true), (std::set<std::string>{"bn1", "layer1", "layer2", "layer3", "layer4"}));
    EXPECT_EQ(moved_after(2, false), std::set<std::string>{});
}

TEST(Unfreezing, GradientsReachWhatIsNotFrozen) {
    const auto network = models::find_architecture("resnet18").make(2);
    const Unfreezing unfreezing(*network, {"layer1", "layer4"}, {{"3", {"layer4.1"}}});
    const auto trained = [&](int64_t epoch, const std::string& name) {
        unfreezing.enter(epoch, false);
        return network->named_parameters()[name].requires_grad();
    };
    EXPECT_FALSE(trained(2, "layer4.1.conv1.weight"));
    EXPECT_TRUE(trained(3, "layer4.1.conv1.weight"));
    EXPECT_FALSE(trained(3, "layer4.0.conv1.weight"));
    EXPECT_TRUE(trained(0, "fc.weight"));
    EXPECT_EQ(unfreezing.ever_trained().size(), network->parameters().size() - 12 - 9);
}

TEST(Unfreezing, RefusesNamesThatAreNoneAndWhatIsNotFrozen) {
    const auto network = models::find_architecture("resnet18").make(2);
    EXPECT_THROW(Unfreezing(*network, {"layer9"}, {}), core::Error);
    EXPECT_THROW(Unfreezing(*network, {"layer1"}, {{"2", {"layer2"}}}), core::Error);
    EXPECT_TRUE(unfreezing_problems({{"2", {"layer1"}}}, 5).empty());
    EXPECT_EQ(unfreezing_problems({{"x", {"layer1"}}, {"0", {"a"}}, {"5", {"a"}}, {"1", {}}}, 5).size(), 4U);
}

TEST(FoldedBatchNorm, GivesTheSameOutput) {
    const auto network = models::find_architecture("efficientnet_lite0").make(2);
    for (auto& item : network->named_buffers()) {
        if (item.key().ends_with("running_mean")) item.value().uniform_(-0.2, 0.2);
        if (item.key().ends_with("running_var")) item.value().uniform_(0.5, 2);
    }
    network->eval();
    const at::Tensor x = at::rand({2, 3, 64, 64});
    const at::Tensor folded = network->forward(x);
    const at::NoGradGuard no_grad;
    EXPECT_TRUE(folded.allclose(network->forward(x), 1e-3, 1e-4));
}

}  // namespace
}  // namespace kaziranga::training
