#pragma once

#include <ATen/core/Tensor.h>

namespace kaziranga::training {

/// The factor of the logits with the lowest cross-entropy; 1 if no cross-entropy is finite.
/// @param logits  [N, K] floating     @param y  [N] int64
double best_temperature_factor(const at::Tensor& logits, const at::Tensor& y);

}  // namespace kaziranga::training
