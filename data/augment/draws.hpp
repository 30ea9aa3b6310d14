#pragma once

#include "core/random.hpp"
#include "data/augment/operation.hpp"
#include "data/augment/options.hpp"
#include "data/box.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace kaziranga::data {

/// torchvision's ColorJitter: brightness, contrast, saturation and hue in random order. Operations of strength 0 are
/// omitted.
std::vector<Step> draw_jitter(const AugmentOptions& options, core::RandomStream& stream);

/// TrivialAugmentWide (Müller, Hutter 2021, "TrivialAugment"): one of 14 operations with one of 31 strengths.
Step draw_trivial(core::RandomStream& stream);

/// One operation of RandAugment (Cubuk et al. 2020, "RandAugment") for an image of height x width pixels.
/// @param magnitude  0 … kMagnitudeBins - 1
Step draw_randaugment(int64_t height, int64_t width, int64_t magnitude, core::RandomStream& stream);

/// The box of random erasing (Zhong et al. 2020, "Random Erasing Data Augmentation"): 2 to 33 % of the area, ratio of
/// height to width 0.3 to 3.3, inside the image; no value if none of ten tries fits.
std::optional<Box> draw_erased_box(int64_t height, int64_t width, core::RandomStream& stream);

}  // namespace kaziranga::data
