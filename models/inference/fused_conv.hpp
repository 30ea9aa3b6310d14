#pragma once

#include "models/inference/inference_conv.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include <torch/types.h>

namespace kaziranga::models {

/// A convolution in floating point. On the CPU it uses oneDNN's operators, if they support the precision, with the
/// weights in oneDNN's order; on a GPU it uses cuDNN's.
class FusedConv : public InferenceConv {
  public:
    /// @param weight     [out, in / groups, kernel, kernel], with the batch norm folded in
    /// @param bias       [out]; may be undefined
    /// @param precision  of the passes: float32 or bfloat16; the device is the weight's
    FusedConv(const ConvOptions& options, const torch::Tensor& weight, const torch::Tensor& bias,
              torch::Dtype precision);

    /// @param x  in the precision of the passes
    torch::Tensor forward(const torch::Tensor& x, Activation activation) const override;
    torch::Tensor add_to(torch::Tensor shortcut, const torch::Tensor& x, Activation activation) const override;

  private:
    /// The weight in oneDNN's layout for images of one size.
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
