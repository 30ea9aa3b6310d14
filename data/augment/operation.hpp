#pragma once

#include <ATen/core/Tensor.h>

namespace kaziranga::data {

/// The first fourteen are those of TrivialAugmentWide and RandAugment, in torchvision's order.
enum class Operation {
    kIdentity,
    kShearX,
    kShearY,
    kTranslateX,
    kTranslateY,
    kRotate,
    kBrightness,
    kSaturation,
    kContrast,
    kSharpness,
    kPosterize,
    kSolarize,
    kAutocontrast,
    kEqualize,
    kHue,
};

/// An operation and its parameter as the function of that name takes it: slope, pixels, degrees, factor, bits,
/// threshold or share of the colour circle; 0 where it takes none.
struct Step {
    Operation operation = Operation::kIdentity;
    double parameter = 0;
};

/// @param image  [H, W, 3] uint8, contiguous
/// @return       of the same form; the image itself for kIdentity
at::Tensor apply(const at::Tensor& image, const Step& step);

}  // namespace kaziranga::data
