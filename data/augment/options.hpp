#pragma once

#include <cstdint>
#include <string>

#include "core/config/description.hpp"

namespace kaziranga::data {

/// How a training image, and a batch of them, is varied at random.
struct AugmentOptions {
    double min_area = 0.35;
    double flip = 0.5;
    double vertical_flip = 0.0;
    double brightness = 0.0;
    double contrast = 0.0;
    double saturation = 0.0;
    double hue = 0.0;
    std::string policy = "none";
    int64_t rand_ops = 2;
    int64_t rand_magnitude = 9;
    double erasing = 0.0;
    double mixup = 0.0;
    double cutmix = 0.0;

    static void describe(core::config::Description<AugmentOptions>& d);
};

}  // namespace kaziranga::data
