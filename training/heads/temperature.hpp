#pragma once

#include <ATen/core/Tensor.h>

namespace kaziranga::training {

/// The factor of logits that gives the least cross-entropy; 1 where none is finite.
/// @param logits  [N, K] floating     @param y  [N] int64
double best_temperature_factor(const at::Tensor& logits, const at::Tensor& y);

}  // namespace kaziranga::training
