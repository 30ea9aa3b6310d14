#pragma once

#include "models/inference/inference_conv.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace kaziranga::models {

/// Numbers in bytes: value = scale * (byte - zero).
struct ByteScale {
    double scale = 1;
    int64_t zero = 0;
};

/// The finest whose 0..255 reach from low to high and hold zero exactly.
ByteScale byte_scale(double low, double high);

/// Whether this processor adds the products of two neighbouring channels in 16 bits, which 255 * 127 twice would
/// overflow: it has no VNNI. Two such weights together stay within 127 there.
bool adds_pairs_in_16_bits();

/// In bytes, by oneDNN on the CPU: unsigned activations with one scale a tensor, signed weights with one a channel,
/// sums in 32 bits. Tensors are of kQUInt8 and carry their scales.
class QuantisedConv : public InferenceConv {
  public:
    /// Rounded weights shift the mean of each output; the bias takes it back.
    /// Source: Nagel et al. 2019 (arXiv:1906.04721), section 4.2
    /// @param weight      [out, in / groups, kernel, kernel] float32, the batch norm in it
    /// @param bias        [out]
    /// @param input_mean  [in], of the values that will come
    QuantisedConv(const ConvOptions& options, const torch::Tensor& weight, const torch::Tensor& bias,
                  const torch::Tensor& input_mean, ByteScale output);

    torch::Tensor forward(const torch::Tensor& x, Activation activation) const override;
    torch::Tensor add_to(torch::Tensor shortcut, const torch::Tensor& x, Activation activation) const override;

  private:
    /// The weight as images of one size and scale need it.
    struct Prepared {
        std::vector<int64_t> input;  ///< [N, in, H, W]
        ByteScale input_scale;
        CentredKernel kernel;
    };
    std::shared_ptr<const Prepared> prepared(const torch::Tensor& x) const;

    ConvOptions options_;
    std::vector<int64_t> stride_;
    torch::Tensor weight_;        // int8
    torch::Tensor weight_scale_;  // [out] float32
    torch::Tensor weight_zero_;   // [out] int32, zeros
    torch::Tensor bias_;          // [out] float32
    ByteScale output_;
    mutable std::mutex guard_;
    mutable std::shared_ptr<const Prepared> prepared_;
};

}  // namespace kaziranga::models
