#pragma once

#include "core/config/description.hpp"

#include <cstdint>
#include <string>

namespace kaziranga::data {

/// Number of strength levels in TrivialAugmentWide and RandAugment.
constexpr int64_t kMagnitudeBins = 31;

/// The policy that selects the operations for an image.
enum class AugmentPolicy { kNone, kTrivial, kRandaugment };
inline constexpr std::pair<AugmentPolicy, std::string_view> kAugmentPolicyWords[] = {
    {AugmentPolicy::kNone, "none"}, {AugmentPolicy::kTrivial, "trivial"}, {AugmentPolicy::kRandaugment, "randaugment"}};
constexpr auto& words_of(AugmentPolicy) {
    return kAugmentPolicyWords;
}

/// Random augmentation of training images and batches.
struct AugmentOptions {
    double min_area = 0.35;
    double flip = 0.5;
    double vertical_flip = 0.0;
    double brightness = 0.0;
    double contrast = 0.0;
    double saturation = 0.0;
    double hue = 0.0;
    AugmentPolicy policy = AugmentPolicy::kNone;
    int64_t rand_ops = 2;
    int64_t rand_magnitude = 9;
    double erasing = 0.0;
    double mixup = 0.0;
    double cutmix = 0.0;

    static void describe(core::config::Description<AugmentOptions>& d);
};

}  // namespace kaziranga::data
