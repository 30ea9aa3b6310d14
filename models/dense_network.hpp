#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <torch/nn/module.h>
#include <torch/types.h>

namespace kaziranga::models {

/// Weight [out, in] and bias [out] of one layer, or a direction in their space.
struct DenseLayer {
    torch::Tensor weight;
    torch::Tensor bias;
};
using DenseLayers = std::vector<DenseLayer>;

/// y = σ(W_L h(… h(W_1 x + b_1) …) + b_L) with logistic outputs and hidden units h. Parameters are registered as
/// "0.weight", "0.bias", "1.weight", …. Initial weights are uniform within ±1 / sqrt(in), as are biases.
class DenseNetwork : public torch::nn::Module {
  public:
    /// @param units  inputs, hidden units of each layer, outputs: at least two numbers
    explicit DenseNetwork(const std::vector<int64_t>& units);

    /// @param x  [N, units.front()]     @return  [N, units.back()], each in (0, 1)
    torch::Tensor forward(const torch::Tensor& x) const;

    /// The parameters themselves, starting at the input.
    const DenseLayers& layers() const { return layers_; }
    /// Copies values of the same shapes into the parameters.
    void set(const DenseLayers& values);
    std::vector<int64_t> units() const;

  protected:
    virtual torch::Tensor hidden(const torch::Tensor& a) const = 0;

  private:
    DenseLayers layers_;
};

/// Hidden units σ(a) = 1 / (1 + e^-a).
class SigmoidNetwork : public DenseNetwork {
  public:
    using DenseNetwork::DenseNetwork;

  private:
    torch::Tensor hidden(const torch::Tensor& a) const override { return a.sigmoid(); }
};

class TanhNetwork : public DenseNetwork {
  public:
    using DenseNetwork::DenseNetwork;

  private:
    torch::Tensor hidden(const torch::Tensor& a) const override { return a.tanh(); }
};

/// The parameters of the sigmoid network that computes the same function as a tanh network, from tanh(a) = 2σ(2a) - 1.
/// A hidden unit needs twice its input a; the weights after it double, their sum is subtracted from the next bias:
///     first layer W_s = 2 W_t, b_s = 2 b_t      between W_s = 4 W_t, b_s = 2 (b_t - W_t 1)
///     last W_s = 2 W_t, b_s = b_t - W_t 1       (a network of one layer stays as it is)
/// The map is linear in the parameters.
DenseLayers sigmoid_layers(const DenseLayers& tanh);

/// The inverse of sigmoid_layers.
DenseLayers tanh_layers(const DenseLayers& sigmoid);

/// The tanh network's parameter gradients from the sigmoid network's: the transpose of sigmoid_layers.
DenseLayers tanh_gradients(const DenseLayers& sigmoid_gradients);

/// A sigmoid network's gradients times the diagonal of A At, where A is the matrix of sigmoid_layers.
DenseLayers by_diagonal(const DenseLayers& sigmoid_gradients);

/// The network of the other kind that computes the same function.
std::shared_ptr<SigmoidNetwork> to_sigmoid(const TanhNetwork& network);
std::shared_ptr<TanhNetwork> to_tanh(const SigmoidNetwork& network);

}  // namespace kaziranga::models
