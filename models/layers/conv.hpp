#pragma once

#include "models/layers/receptive_field.hpp"

#include <cstdint>

#include <torch/nn/module.h>
#include <torch/types.h>

namespace kaziranga::models {

enum class Activation { kNone, kRelu, kRelu6 };

/// The upper limit of ReLU6.
inline constexpr double kRelu6Limit = 6;

enum class Padding {
    kNone,
    kCentred,  ///< kernel / 2 on every side, as in PyTorch's networks
    kSame,  ///< TensorFlow's "SAME": ceil(size / stride) outputs, an odd pixel of padding goes to the bottom or right
};

struct ConvOptions {
    int64_t in = 0;   ///< channels
    int64_t out = 0;  ///< channels
    int64_t kernel = 1;
    int64_t stride = 1;
    int64_t groups = 1;
    Padding padding = Padding::kCentred;
    bool bias = false;
};

/// The window of the convolution along an axis of this size.
Window window_of(const ConvOptions& options, int64_t size);

/// Pads the input with the odd pixel of "SAME" padding, at the bottom and on the right. The convolution itself adds
/// equal padding on both sides at no cost; only the odd pixel needs a copy.
/// @param x  [N, in, H, W]
torch::Tensor with_odd_padding(const ConvOptions& options, const torch::Tensor& x);

/// The padding that the convolution itself adds on both sides of such an input, for rows and columns.
/// @param x  [N, in, H, W], before with_odd_padding
std::vector<int64_t> padding_on_both_sides(const ConvOptions& options, const torch::Tensor& x);

/// Applies the activation in place. (Neither the backward of batch norm nor that of an addition reads its own output.)
torch::Tensor activate(torch::Tensor x, Activation activation);

/// A convolution with a square kernel. Initial biases are zero, initial weights are normal with variance 2 / fan-out.
/// Source: He et al. 2015 (arXiv:1502.01852); the fan-out of a grouped convolution is that of one group.
class Conv : public torch::nn::Module {
  public:
    explicit Conv(const ConvOptions& options);

    /// Computes in the precision of x, whatever the precision of the weights.
    torch::Tensor forward(const torch::Tensor& x) const;
    /// Uses another weight of the same shape, and a bias [out] if it is defined.
    torch::Tensor forward(const torch::Tensor& x, const torch::Tensor& weight, const torch::Tensor& bias) const;

    Window window(int64_t size) const { return window_of(options_, size); }

    const ConvOptions& options() const { return options_; }
    const torch::Tensor& weight() const { return weight_; }
    const torch::Tensor& bias() const { return bias_; }

  private:
    ConvOptions options_;
    torch::Tensor weight_;  // [out, in / groups, kernel, kernel]
    torch::Tensor bias_;    // [out]; undefined without one
};

}  // namespace kaziranga::models
