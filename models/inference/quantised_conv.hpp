#pragma once

#include "models/inference/inference_conv.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace kaziranga::models {

/// The scale of numbers in bytes: value = scale * (byte - zero).
struct ByteScale {
    double scale = 1;
    int64_t zero = 0;
};

/// The finest scale whose 0..255 cover low to high and represent zero exactly.
ByteScale byte_scale(double low, double high);

/// True if this processor adds the products of two neighbouring channels in 16 bits, because it has no VNNI. 255 * 127
/// twice would overflow there, so two such weights together stay within 127.
bool adds_pairs_in_16_bits();

/// A convolution in bytes, by oneDNN on the CPU: unsigned activations with one scale per tensor, signed weights with
/// one scale per channel, sums in 32 bits. Tensors are kQUInt8 and contain their scales.
class QuantisedConv : public InferenceConv {
  public:
    /// Rounding the weights shifts the mean of each output; the bias corrects this.
    /// Source: Nagel et al. 2019 (arXiv:1906.04721), section 4.2
    /// @param weight      [out, in / groups, kernel, kernel] float32, with the batch norm folded in
    /// @param bias        [out]
    /// @param input_mean  [in], means of the input values
    QuantisedConv(const ConvOptions& options, const torch::Tensor& weight, const torch::Tensor& bias,
                  const torch::Tensor& input_mean, ByteScale output);

    torch::Tensor forward(const torch::Tensor& x, Activation activation) const override;
    torch::Tensor add_to(torch::Tensor shortcut, const torch::Tensor& x, Activation activation) const override;

  private:
    /// The weight in the form for images of one size and scale.
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
