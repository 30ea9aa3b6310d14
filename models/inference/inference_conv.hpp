#pragma once

#include "models/layers/conv.hpp"

#include <cstdint>
#include <vector>

#include <torch/types.h>

namespace kaziranga::models {

/// A convolution for inference only: its weights contain the batch norm, and it adds a shortcut and applies the
/// activation in the same operation. Several threads may call one at the same time.
class InferenceConv {
  public:
    InferenceConv() = default;
    InferenceConv(const InferenceConv&) = delete;
    InferenceConv& operator=(const InferenceConv&) = delete;
    virtual ~InferenceConv() = default;

    /// activation(convolution of x)
    /// @param x  [N, in, H, W], channels-last
    virtual torch::Tensor forward(const torch::Tensor& x, Activation activation) const = 0;

    /// activation(convolution of x + shortcut), written to the shortcut.
    /// @param shortcut  with the shape of the result, channels-last
    virtual torch::Tensor add_to(torch::Tensor shortcut, const torch::Tensor& x, Activation activation) const = 0;
};

/// A kernel with the same padding on both sides.
struct CentredKernel {
    torch::Tensor weight;          ///< channels-last
    std::vector<int64_t> padding;  ///< of rows and columns
};

/// Computes the same sums without the odd pixel of "SAME" padding, so no input needs a padded copy: instead, zeros are
/// added at the start of the kernel.
/// @param weight  [out, in / groups, kernel, kernel]     @param input  [N, in, H, W]
CentredKernel centred(const ConvOptions& options, const torch::Tensor& weight, torch::IntArrayRef input);

}  // namespace kaziranga::models
