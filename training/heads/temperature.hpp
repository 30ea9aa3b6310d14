#pragma once

#include <ATen/core/Tensor.h>

namespace kaziranga::training {

/// Factors of logits that make probabilities of them.
struct TemperatureFactors {
    double best = 1;  ///< of the lowest cross-entropy; 1 if no cross-entropy is finite
    /// Of the lowest cross-entropy where one part in N + 1 of each label is spread over the classes. Where all N
    /// answers are right, `best` has no limit, and one wrong answer about a new image would cost without limit. Source:
    /// Platt 1999, section 2.2, whose labels of N images are (N + 1) / (N + 2) and 1 / (N + 2) instead of 1 and 0
    double cautious = 1;
};

/// @param logits  [N, K] floating     @param y  [N] int64
TemperatureFactors temperature_factors(const at::Tensor& logits, const at::Tensor& y);

}  // namespace kaziranga::training
