#pragma once

#include "models/inference/inference_conv.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include <torch/types.h>

namespace kaziranga::models {

/// In floating point. On the CPU these are oneDNN's operators, where it has them for the precision, with the weights in
/// the order that it wants; on a GPU cuDNN's.
class FusedConv : public InferenceConv {
  public:
    /// @param weight     [out, in / groups, kernel, kernel], the batch norm in it
    /// @param bias       [out]; may be undefined
    /// @param precision  of the passes: float32 or bfloat16; the device is the weight's
    FusedConv(const ConvOptions& options, const torch::Tensor& weight, const torch::Tensor& bias,
              torch::Dtype precision);

    /// @param x  in the precision of the passes
    torch::Tensor forward(const torch::Tensor& x, Activation activation) const override;
    torch::Tensor add_to(torch::Tensor shortcut, const torch::Tensor& x, Activation activation) const override;

  private:
    /// The weight as oneDNN wants it for images of one size.
    struct Prepared {
        std::vector<int64_t> input;  ///< [N, in, H, W]
        CentredKernel kernel;
    };
    std::shared_ptr<const Prepared> prepared(const torch::Tensor& x) const;
    std::shared_ptr<const Prepared> prepare(const torch::Tensor& x) const;
    torch::Tensor plain(const torch::Tensor& x) const;

    ConvOptions options_;
    std::vector<int64_t> stride_;
    torch::Tensor weight_, bias_;
    bool onednn_, cudnn_relu_;
    mutable std::mutex guard_;
    mutable std::shared_ptr<const Prepared> prepared_;
};

}  // namespace kaziranga::models
