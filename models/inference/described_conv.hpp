#pragma once

#include "models/inference/inference_conv.hpp"
#include "models/inference/quantised_conv.hpp"

namespace kaziranga::models {

/// What values a convolution will meet, without an image: a batch norm says the mean and the spread of each channel
/// after it, so that a pass through the network can carry those instead of pixels. Every forward takes and gives
/// [2, channels, 1, 1] float64: means, then variances, both taken as those of normal distributions. A maximum over
/// places leaves them as they are, though its mean is higher. Source: Nagel et al. 2019 (arXiv:1906.04721),
/// sections 4.2 and 5
class DescribedConv : public InferenceConv {
  public:
    /// @param mean       [out], after the batch norm
    /// @param deviation  [out], standard deviation there
    DescribedConv(const torch::Tensor& mean, const torch::Tensor& deviation);

    torch::Tensor forward(const torch::Tensor& x, Activation activation) const override;
    torch::Tensor add_to(torch::Tensor shortcut, const torch::Tensor& x, Activation activation) const override;

    /// [in], of the values that came.
    const torch::Tensor& input_mean() const { return input_mean_; }
    /// Holds the values that went out.
    ByteScale output() const { return output_; }

  private:
    torch::Tensor describe(const torch::Tensor& x, const torch::Tensor& moments, Activation activation) const;

    torch::Tensor moments_;
    // Of the last call.
    mutable torch::Tensor input_mean_;
    mutable ByteScale output_;
};

/// The moments of normalised images.
torch::Tensor image_moments();

}  // namespace kaziranga::models
