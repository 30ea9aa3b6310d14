#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include <torch/types.h>

#include "models/conv.hpp"

namespace kaziranga::models {

/// A convolution as it runs where nothing is trained: its batch norm inside the weights, the weights in the order that
/// the processor's convolution wants, the activation and the addition of a shortcut done while the result is at hand.
/// On the CPU these are oneDNN's operators, where it has them for the precision. Several threads may call one at once.
class FusedConv {
  public:
    /// @param weight     [out, in / groups, kernel, kernel], the batch norm in it
    /// @param bias       [out]; may be undefined
    /// @param precision  of the passes: float32 or bfloat16; the device is the weight's
    FusedConv(const ConvOptions& options, const torch::Tensor& weight, const torch::Tensor& bias,
              torch::Dtype precision);

    /// activation(convolution of x)
    /// @param x  [N, in, H, W] in the precision of the passes, channels-last
    torch::Tensor forward(const torch::Tensor& x, Activation activation) const;

    /// activation(convolution of x + shortcut), in the shortcut's place.
    /// @param shortcut  of the result's shape, channels-last
    torch::Tensor add_to(torch::Tensor shortcut, const torch::Tensor& x, Activation activation) const;

  private:
    /// The weight as images of one size need it.
    struct Prepared {
        std::vector<int64_t> input;  ///< [N, in, H, W]
        torch::Tensor weight;
        std::vector<int64_t> padding;  ///< of rows and columns, the same on both sides
    };
    std::shared_ptr<const Prepared> prepared(const torch::Tensor& x) const;
    std::shared_ptr<const Prepared> prepare(const torch::Tensor& x) const;
    torch::Tensor plain(const torch::Tensor& x) const;

    ConvOptions options_;
    std::vector<int64_t> stride_;
    torch::Tensor weight_, bias_;
    bool onednn_;
    mutable std::mutex guard_;
    mutable std::shared_ptr<const Prepared> prepared_;
};

}  // namespace kaziranga::models
