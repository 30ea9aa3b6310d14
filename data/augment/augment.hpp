#pragma once

#include "core/preprocessing.hpp"
#include "core/random.hpp"
#include "data/augment/options.hpp"

#include <ATen/core/Tensor.h>

namespace kaziranga::data {

/// Returns a random view of an image for training: random resized crop, flips, colour jitter, policy and erasing, in
/// the order of torchvision's reference training. A pure function of its arguments. The crop and the flips do not
/// depend on the steps after them. Runs on the calling thread.
/// @param image  [H, W, 3] uint8
/// @return       [3, crop, crop] uint8 in channels-last memory
at::Tensor augment(const at::Tensor& image, const core::Preprocessing& preprocessing, const AugmentOptions& options,
                   core::RandomStream stream);

}  // namespace kaziranga::data
