#include "models/dense_network.hpp"

#include <cmath>
#include <string>

#include <ATen/ops/linear.h>
#include <c10/core/GradMode.h>

namespace kaziranga::models {
namespace {

/// The factors for a layer's parameters in sigmoid form; they depend on the position of the layer.
struct Scales {
    double weight;  ///< of the weight
    double bias;    ///< of the bias
    double sums;    ///< of the weight's row sums, which are subtracted from the bias
};

Scales scales_at(size_t layer, size_t layers) {
    const bool from_hidden = layer > 0, to_hidden = layer + 1 < layers;
    const double wanted = to_hidden ? 2 : 1;  // a hidden logistic unit needs twice the input of a tanh
    return {.weight = wanted * (from_hidden ? 2 : 1), .bias = wanted, .sums = from_hidden ? wanted : 0};
}

template <class Map>
DenseLayers mapped(const DenseLayers& layers, Map map) {
    const c10::NoGradGuard no_grad;
    DenseLayers result;
    for (size_t i = 0; i < layers.size(); ++i) result.push_back(map(layers[i], scales_at(i, layers.size())));
    return result;
}

template <class Network>
std::shared_ptr<Network> network_of(const std::vector<int64_t>& units, const DenseLayers& layers) {
    auto network = std::make_shared<Network>(units);
    network->to(layers.front().weight.device(), layers.front().weight.scalar_type());
    network->set(layers);
    return network;
}

/// A layer as a module, so that its parameters have the layer's number in their names.
class Dense : public torch::nn::Module {
  public:
    Dense(int64_t in, int64_t out) {
        const double range = 1 / std::sqrt(static_cast<double>(in));
        layer = {register_parameter("weight", torch::empty({out, in}).uniform_(-range, range)),
                 register_parameter("bias", torch::empty({out}).uniform_(-range, range))};
    }
    DenseLayer layer;
};

}  // namespace

DenseNetwork::DenseNetwork(const std::vector<int64_t>& units) {
    TORCH_CHECK(units.size() >= 2, "a network needs inputs and outputs");
    for (size_t i = 0; i + 1 < units.size(); ++i) {
        const auto dense = register_module(std::to_string(i), std::make_shared<Dense>(units[i], units[i + 1]));
        layers_.push_back(dense->layer);
    }
}

torch::Tensor DenseNetwork::forward(const torch::Tensor& x) const {
    torch::Tensor h = x;
    for (size_t i = 0; i < layers_.size(); ++i) {
        const torch::Tensor a = at::linear(h, layers_[i].weight, layers_[i].bias);
        h = i + 1 < layers_.size() ? hidden(a) : a.sigmoid();
    }
    return h;
}

void DenseNetwork::set(const DenseLayers& values) {
    TORCH_CHECK(values.size() == layers_.size(), "the network has another number of layers");
    const c10::NoGradGuard no_grad;
    for (size_t i = 0; i < layers_.size(); ++i) {
        TORCH_CHECK(values[i].weight.sizes() == layers_[i].weight.sizes(), "a layer has another shape");
        layers_[i].weight.copy_(values[i].weight);
        layers_[i].bias.copy_(values[i].bias);
    }
}

std::vector<int64_t> DenseNetwork::units() const {
    std::vector<int64_t> units = {layers_.front().weight.size(1)};
    for (const DenseLayer& layer : layers_) units.push_back(layer.weight.size(0));
    return units;
}

DenseLayers sigmoid_layers(const DenseLayers& tanh) {
    return mapped(tanh, [](const DenseLayer& t, const Scales& s) {
        return DenseLayer{t.weight * s.weight, t.bias * s.bias - t.weight.sum(1) * s.sums};
    });
}

DenseLayers tanh_layers(const DenseLayers& sigmoid) {
    return mapped(sigmoid, [](const DenseLayer& l, const Scales& s) {
        const torch::Tensor weight = l.weight / s.weight;
        return DenseLayer{weight, (l.bias + weight.sum(1) * s.sums) / s.bias};
    });
}

DenseLayers tanh_gradients(const DenseLayers& sigmoid_gradients) {
    return mapped(sigmoid_gradients, [](const DenseLayer& d, const Scales& s) {
        return DenseLayer{d.weight * s.weight - d.bias.unsqueeze(1) * s.sums, d.bias * s.bias};
    });
}

DenseLayers by_diagonal(const DenseLayers& sigmoid_gradients) {
    return mapped(sigmoid_gradients, [](const DenseLayer& d, const Scales& s) {
        const auto inputs = static_cast<double>(d.weight.size(1));
        return DenseLayer{d.weight * (s.weight * s.weight), d.bias * (s.bias * s.bias + inputs * s.sums * s.sums)};
    });
}

std::shared_ptr<SigmoidNetwork> to_sigmoid(const TanhNetwork& network) {
    return network_of<SigmoidNetwork>(network.units(), sigmoid_layers(network.layers()));
}

std::shared_ptr<TanhNetwork> to_tanh(const SigmoidNetwork& network) {
    return network_of<TanhNetwork>(network.units(), tanh_layers(network.layers()));
}

}  // namespace kaziranga::models
