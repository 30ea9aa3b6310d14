#pragma once

#include "core/random.hpp"
#include "data/augment/options.hpp"
#include "data/box.hpp"

#include <ATen/core/Tensor.h>

namespace kaziranga::data {

/// A batch of images and its targets.
struct MixedBatch {
    at::Tensor images;   ///< [B, 3, H, W] float
    at::Tensor targets;  ///< [B, K] float; the sum of each row is the same as before
};

/// Mixup (Zhang et al. 2018, "mixup: Beyond Empirical Risk Minimization"): image i becomes
/// share * image i + (1 - share) * image (i - 1), its partner. The partner of the first image is the last image.
/// Targets are mixed in the same way. On any device.
MixedBatch mixup(const at::Tensor& images, const at::Tensor& targets, double share);

/// CutMix (Yun et al. 2019, "CutMix"): the `box` of image i is replaced by that of its partner i - 1. The targets are
/// mixed by the box's share of the area.
MixedBatch cutmix(const at::Tensor& images, const at::Tensor& targets, const Box& box);

/// Draws from Beta(alpha, alpha), alpha > 0.
double draw_share(double alpha, core::RandomStream& stream);

/// Draws a box like torchvision's CutMix: 1 - `share` of the area, around a random point, clipped to the image.
Box draw_mixed_box(int64_t height, int64_t width, double share, core::RandomStream& stream);

/// Applies mixup if options.mixup > 0 and CutMix if options.cutmix > 0. If both are, it applies one of them, with equal
/// probability. If none is, it returns the batch unchanged.
MixedBatch mix(at::Tensor images, const at::Tensor& targets, const AugmentOptions& options, core::RandomStream stream);

}  // namespace kaziranga::data
