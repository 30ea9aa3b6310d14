#include "models/dense_network.hpp"

#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

namespace kaziranga::models {
namespace {

using at::Tensor;

std::shared_ptr<TanhNetwork> made(const std::vector<int64_t>& units, double scale) {
    auto network = std::make_shared<TanhNetwork>(units);
    network->to(at::kDouble);
    DenseLayers layers;
    for (const DenseLayer& layer : network->layers()) {
        layers.push_back({at::randn_like(layer.weight) * scale, at::randn_like(layer.bias) * scale});
    }
    network->set(layers);
    return network;
}

DenseLayers gradients(const DenseNetwork& network, const Tensor& loss) {
    DenseLayers result;
    for (const DenseLayer& layer : network.layers()) {
        const auto both = torch::autograd::grad({loss}, {layer.weight, layer.bias}, {}, /*retain_graph=*/true);
        result.push_back({both[0], both[1]});
    }
    return result;
}

TEST(DenseNetwork, OfTanhUnitsEqualsItsSigmoidFormForAnyDepth) {
    at::manual_seed(4);
    for (const std::vector<int64_t>& units : {std::vector<int64_t>{3, 2}, {3, 5, 2}, {2, 7, 4, 1}, {4, 6, 6, 6, 3}}) {
        for (const double scale : {0.01, 1.0, 3.0}) {
            const auto tanh = made(units, scale);
            const auto sigmoid = to_sigmoid(*tanh);
            const Tensor x = at::randn({50, units.front()}, at::kDouble) * 10;
            const Tensor y = tanh->forward(x), same = sigmoid->forward(x);
            EXPECT_TRUE(at::allclose(y, same, 1e-12, 0)) << units.size() << " " << scale;
            EXPECT_TRUE(at::allclose(to_tanh(*sigmoid)->forward(x), y, 1e-12, 0));
            const DenseLayers own = gradients(*tanh, y.square().sum());
            const DenseLayers carried = tanh_gradients(gradients(*sigmoid, same.square().sum()));
            for (size_t i = 0; i < own.size(); ++i) {
                EXPECT_TRUE(at::allclose(own[i].weight, carried[i].weight, 1e-9, 1e-12)) << "layer " << i;
                EXPECT_TRUE(at::allclose(own[i].bias, carried[i].bias, 1e-9, 1e-12)) << "layer " << i;
            }
        }
    }
}

/// The conversion of a two-layer network as it is derived: a_s = 2 a_t, w2_s = 2 w2_t, and the bias less the sum.
TEST(DenseNetwork, ConvertsTwoLayersByTheDerivedFormulas) {
    const DenseLayers tanh = {{at::randn({3, 2}, at::kDouble), at::randn({3}, at::kDouble)},
                              {at::randn({1, 3}, at::kDouble), at::randn({1}, at::kDouble)}};
    const DenseLayers sigmoid = sigmoid_layers(tanh);
    EXPECT_TRUE(at::equal(sigmoid[0].weight, 2 * tanh[0].weight));
    EXPECT_TRUE(at::equal(sigmoid[0].bias, 2 * tanh[0].bias));
    EXPECT_TRUE(at::equal(sigmoid[1].weight, 2 * tanh[1].weight));
    EXPECT_TRUE(at::allclose(sigmoid[1].bias, tanh[1].bias - tanh[1].weight.sum(1), 1e-15, 1e-15));
}

}  // namespace
}  // namespace kaziranga::models
