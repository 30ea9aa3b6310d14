#include "training/loop/optimizer_state.hpp"

#include "core/error.hpp"
#include "models/registry.hpp"

#include <ATen/ops/ones.h>
#include <gtest/gtest.h>
#include <torch/nn/modules/linear.h>

namespace kaziranga::training {
namespace {

void step(torch::optim::Optimizer& optimizer, torch::nn::Linear& layer) {
    optimizer.zero_grad();
    layer->forward(at::ones({2, 3})).square().sum().backward();
    optimizer.step();
}

TEST(OptimizerState, OfAnotherOptimizerIsRefused) {
    torch::nn::Linear layer(3, 2);
    const auto adamw = make_optimizer(parameters_of(*layer), {.name = OptimizerKind::kAdamw, .lr = 0.1});
    step(*adamw, layer);
    const models::StateDict saved = save_optimizer(*adamw);
    ASSERT_FALSE(saved.empty());
    const auto sgd = make_optimizer(parameters_of(*layer), {.name = OptimizerKind::kSgd, .lr = 0.1});
    EXPECT_THROW(load_optimizer(*sgd, saved, "state"), core::Error);
    const auto again = make_optimizer(parameters_of(*layer), {.name = OptimizerKind::kAdamw, .lr = 0.1});
    EXPECT_NO_THROW(load_optimizer(*again, saved, "state"));
}

TEST(MakeOptimizer, DecaysWeightsButNotBiases) {
    for (const OptimizerKind kind : {OptimizerKind::kSgd, OptimizerKind::kAdamw}) {
        torch::nn::Linear layer(3, 2);
        const auto optimizer =
            make_optimizer(parameters_of(*layer), {.name = kind, .lr = 0.1, .momentum = 0, .weight_decay = 0.5});
        const torch::Tensor weight = layer->weight.detach().clone(), bias = layer->bias.detach().clone();
        layer->weight.mutable_grad() = at::zeros_like(weight);
        layer->bias.mutable_grad() = at::zeros_like(bias);
        optimizer->step();
        EXPECT_TRUE(layer->weight.allclose(weight * (1 - 0.1 * 0.5))) << core::config::word_of(kind);
        EXPECT_TRUE(layer->bias.equal(bias)) << core::config::word_of(kind);
    }
}

/// The learning rate that each parameter of a network would get.
std::map<std::string, double> rates(const models::Backbone& network, const OptimizerOptions& options, double rate) {
    const auto parameters = parameters_of(network, network.parameters(), options, 0);
    const auto optimizer = make_optimizer(parameters, options);
    set_learning_rates(*optimizer, rate_factors(parameters), rate);
    std::map<const void*, double> by_parameter;
    for (auto& group : optimizer->param_groups()) {
        for (const at::Tensor& p : group.params()) by_parameter[p.unsafeGetTensorImpl()] = group.options().get_lr();
    }
    std::map<std::string, double> result;
    for (const auto& item : network.named_parameters())
        result[item.key()] = by_parameter.at(item.value().unsafeGetTensorImpl());
    return result;
}

TEST(LearningRates, FallFromTheHeadToTheImage) {
    const auto network = models::find_architecture("resnet18").make(4);
    OptimizerOptions options{.name = OptimizerKind::kAdamw, .lr = 0.1, .layer_decay = 0.5};
    options.head_lr.value = 0.3;
    const auto found = rates(*network, options, 0.2);  // the schedule is at twice the rate: the factors hold
    EXPECT_NEAR(found.at("fc.weight"), 0.6, 1e-12);
    EXPECT_NEAR(found.at("layer4.1.conv2.weight"), 0.1, 1e-12);
    EXPECT_NEAR(found.at("layer4.0.downsample.0.weight"), 0.05, 1e-12);
    EXPECT_NEAR(found.at("layer3.0.bn1.bias"), 0.2 / 16, 1e-12);
    EXPECT_NEAR(found.at("conv1.weight"), 0.2 / 512, 1e-12);  // eight blocks and the stem
}

TEST(LayerGroups, HoldEveryParameterOfEveryNetwork) {
    for (const std::string& name : models::architecture_names()) {
        const auto network = models::find_architecture(name).make(3);
        EXPECT_EQ(parameters_of(*network, network->parameters(), {}, 0).size(), network->parameters().size()) << name;
    }
}

TEST(Anchors, ArePresentWeightsAndTakeTheDecayFromTheBackbone) {
    const auto network = models::find_architecture("resnet18").make(4);
    for (const TrainedParameter& p : parameters_of(*network, network->parameters(), {}, 0.1)) {
        const bool head = p.value.size(0) == 4;
        EXPECT_EQ(p.anchor.defined(), !head);
        if (!head) {
            EXPECT_TRUE(p.anchor.equal(p.value));
            EXPECT_NE(p.anchor.unsafeGetTensorImpl(), p.value.unsafeGetTensorImpl());
            EXPECT_FALSE(p.decays);
        }
    }
}

}  // namespace
}  // namespace kaziranga::training
