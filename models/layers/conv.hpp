#pragma once

#include "models/layers/receptive_field.hpp"

#include <cstdint>

#include <torch/nn/module.h>
#include <torch/types.h>

namespace kaziranga::models {

enum class Activation { kNone, kRelu, kRelu6 };

/// What relu6 clips at.
inline constexpr double kRelu6Limit = 6;

enum class Padding {
    kNone,
    kCentred,  ///< kernel / 2 on every side, as PyTorch's networks do
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

/// What the convolution is along an axis of so many places.
Window window_of(const ConvOptions& options, int64_t size);

/// The input with the odd pixel of "SAME" padding below and on the right. What is the same on both sides costs nothing
/// inside a convolution; only that pixel needs a copy.
/// @param x  [N, in, H, W]
torch::Tensor with_odd_padding(const ConvOptions& options, const torch::Tensor& x);

/// What a convolution pads on both sides of such an input, rows and columns.
/// @param x  [N, in, H, W], as it was before
std::vector<int64_t> padding_on_both_sides(const ConvOptions& options, const torch::Tensor& x);

/// x in its own place. (Neither the backward of batch norm nor that of an addition reads its own output.)
torch::Tensor activate(torch::Tensor x, Activation activation);

/// A convolution with a square kernel. Initial biases are zero, initial weights are normal with variance 2 / fan-out.
/// Source: He et al. 2015 (arXiv:1502.01852); the fan-out of a grouped convolution is that of one group.
class Conv : public torch::nn::Module {
  public:
    explicit Conv(const ConvOptions& options);

    /// In the precision of x, whatever that of the weights is.
    torch::Tensor forward(const torch::Tensor& x) const;
    /// With another weight of the same shape, and a bias [out] where there is one.
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
