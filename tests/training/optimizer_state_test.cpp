#include "training/optimizer_state.hpp"

#include <ATen/ops/ones.h>
#include <gtest/gtest.h>
#include <torch/nn/modules/linear.h>

#include "core/error.hpp"

namespace kaziranga::training {
namespace {

void step(torch::optim::Optimizer& optimizer, torch::nn::Linear& layer) {
    optimizer.step([&] {
        optimizer.zero_grad();
        const torch::Tensor loss = layer->forward(at::ones({2, 3})).square().sum();
        loss.backward();
        return loss;
    });
}

TEST(OptimizerState, OfAnotherOptimizerIsRefused) {
    torch::nn::Linear layer(3, 2);
    const auto adamw = make_optimizer(*layer, {.name = "adamw", .lr = 0.1});
    step(*adamw, layer);
    const models::StateDict saved = save_optimizer(*adamw);
    ASSERT_FALSE(saved.empty());
    const auto sgd = make_optimizer(*layer, {.name = "sgd", .lr = 0.1});
    EXPECT_THROW(load_optimizer(*sgd, saved, "state"), core::Error);
    const auto again = make_optimizer(*layer, {.name = "adamw", .lr = 0.1});
    EXPECT_NO_THROW(load_optimizer(*again, saved, "state"));
}

TEST(MakeOptimizer, DecaysWeightsButNotBiases) {
    for (const char* name : {"sgd", "adamw"}) {
        torch::nn::Linear layer(3, 2);
        const auto optimizer = make_optimizer(*layer, {.name = name, .lr = 0.1, .momentum = 0, .weight_decay = 0.5});
        const torch::Tensor weight = layer->weight.detach().clone(), bias = layer->bias.detach().clone();
        layer->weight.mutable_grad() = at::zeros_like(weight);
        layer->bias.mutable_grad() = at::zeros_like(bias);
        optimizer->step();
        EXPECT_TRUE(layer->weight.allclose(weight * (1 - 0.1 * 0.5))) << name;
        EXPECT_TRUE(layer->bias.equal(bias)) << name;
    }
}

TEST(MakeOptimizer, LeavesFrozenParametersAlone) {
    torch::nn::Linear layer(3, 2);
    layer->weight.requires_grad_(false);
    const auto optimizer = make_optimizer(*layer, {.name = "sgd"});
    size_t parameters = 0;
    for (const auto& group : optimizer->param_groups()) parameters += group.params().size();
    EXPECT_EQ(parameters, 1U);
}

}  // namespace
}  // namespace kaziranga::training
