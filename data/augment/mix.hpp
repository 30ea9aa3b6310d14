#pragma once

#include "core/random.hpp"
#include "data/augment/options.hpp"
#include "data/box.hpp"

#include <ATen/core/Tensor.h>

namespace kaziranga::data {

/// A batch and what the network should say of it.
struct MixedBatch {
    at::Tensor images;   ///< [B, 3, H, W] float
    at::Tensor targets;  ///< [B, K] float, rows summing to what they summed to before
};

/// Mixup (Zhang et al. 2018, "mixup: Beyond Empirical Risk Minimization"): image i becomes share * i + (1 - share) *
/// its partner i - 1, the first one's partner being the last; targets likewise. On any device.
MixedBatch mixup(const at::Tensor& images, const at::Tensor& targets, double share);

/// CutMix (Yun et al. 2019, "CutMix"): image i gets `box` of its partner i - 1, and of its target the box's share.
MixedBatch cutmix(const at::Tensor& images, const at::Tensor& targets, const Box& box);

/// From Beta(alpha, alpha), alpha > 0.
double draw_share(double alpha, core::RandomStream& stream);

/// A box of 1 - `share` of the area about a point of the image, cut at its edges, as torchvision's CutMix draws it.
Box draw_mixed_box(int64_t height, int64_t width, double share, core::RandomStream& stream);

/// Mixup where options.mixup > 0, CutMix where options.cutmix > 0, either of them with equal chance where both are; the
/// batch as it is where neither is.
MixedBatch mix(at::Tensor images, const at::Tensor& targets, const AugmentOptions& options, core::RandomStream stream);

}  // namespace kaziranga::data
