#pragma once

#include <ATen/core/Tensor.h>

namespace kaziranga::training {

/// The factor of the logits with the lowest cross-entropy; 1 if no cross-entropy is finite. One part in N + 1 of every
/// label is spread over all classes: where all N logits are right, the lowest cross-entropy would be that of an infinite
/// factor, and one wrong image among new ones would then cost without limit.
/// @param logits  [N, K] floating     @param y  [N] int64
/// Source: Platt 1999, section 2.2, whose two classes have labels (N + 1) / (N + 2) and 1 / (N + 2) instead of 1 and 0
double best_temperature_factor(const at::Tensor& logits, const at::Tensor& y);

}  // namespace kaziranga::training
