#pragma once

#include "core/preprocessing.hpp"
#include "data/options.hpp"
#include "models/backbone.hpp"
#include "models/inference/quantised_conv.hpp"
#include "models/registry.hpp"
#include "training/features/options.hpp"

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

namespace kaziranga::training {

/// `auto` is bf16 if the device multiplies it natively, else fp32.
/// @throws core::Error for int8 on a GPU
Precision resolve_precision(core::config::OrAuto<Precision> asked, c10::Device device);

/// The number of images in one inference pass.
int64_t resolve_batch_size(const core::config::OrAuto<int64_t>& asked, c10::Device device);

/// The preprocessing of images for the network of a config.
core::Preprocessing resolve_preprocessing(const models::Architecture& architecture, const data::DataOptions& data);

/// Prepares a network for inference. Changes the network itself.
void prepare_inference(models::Backbone& network, Precision precision);

/// Makes the input of a network from images: (x/255 - mean) / std, in a precision. Its constants are on the device, so
/// nothing waits for them.
class ImageInput {
  public:
    ImageInput(const core::Preprocessing& preprocessing, Precision precision, c10::Device device);

    /// @param images  [N, 3, H, W] uint8 on the device     @return  same shape and memory layout, float32
    at::Tensor normalise(const at::Tensor& images) const;

    /// @param x  normalised
    at::Tensor to_precision(const at::Tensor& x) const;

    /// @param images  [N, 3, H, W] uint8 on the device
    at::Tensor make(const at::Tensor& images) const { return to_precision(normalise(images)); }

  private:
    Precision precision_;
    at::Tensor mean_, scale_;  ///< [1, 3, 1, 1] float32, for pixels 0 to 255
    models::ByteScale bytes_;  ///< for normalised pixels
};

}  // namespace kaziranga::training
