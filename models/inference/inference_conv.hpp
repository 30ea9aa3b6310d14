#pragma once

#include "models/layers/conv.hpp"

#include <cstdint>
#include <vector>

#include <torch/types.h>

namespace kaziranga::models {

/// A convolution as it runs where nothing is trained: its batch norm inside the weights, the activation and the
/// addition of a shortcut done while the result is at hand. Several threads may call one at once.
class InferenceConv {
  public:
    InferenceConv() = default;
    InferenceConv(const InferenceConv&) = delete;
    InferenceConv& operator=(const InferenceConv&) = delete;
    virtual ~InferenceConv() = default;

    /// activation(convolution of x)
    /// @param x  [N, in, H, W], channels-last
    virtual torch::Tensor forward(const torch::Tensor& x, Activation activation) const = 0;

    /// activation(convolution of x + shortcut), in the shortcut's place.
    /// @param shortcut  of the result's shape, channels-last
    virtual torch::Tensor add_to(torch::Tensor shortcut, const torch::Tensor& x, Activation activation) const = 0;
};

/// A kernel whose padding is the same on both sides.
struct CentredKernel {
    torch::Tensor weight;          ///< channels-last
    std::vector<int64_t> padding;  ///< of rows and columns
};

/// The same sums without the odd pixel of "SAME" padding, hence without a padded copy of every input: the kernel begins
/// with zeros instead.
/// @param weight  [out, in / groups, kernel, kernel]     @param input  [N, in, H, W]
CentredKernel centred(const ConvOptions& options, const torch::Tensor& weight, torch::IntArrayRef input);

}  // namespace kaziranga::models
