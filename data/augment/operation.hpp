#pragma once

#include <ATen/core/Tensor.h>

namespace kaziranga::data {

/// The first fourteen operations are those of TrivialAugmentWide and RandAugment, in torchvision's order.
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

/// An operation and the parameter for the function of that name: slope, pixels, degrees, factor, bits, threshold or
/// fraction of the colour circle; 0 if the function has no parameter.
struct Step {
    Operation operation = Operation::kIdentity;
    double parameter = 0;
};

/// @param image  [H, W, 3] uint8, contiguous
/// @return       of the same form; the image itself for kIdentity
at::Tensor apply(const at::Tensor& image, const Step& step);

}  // namespace kaziranga::data
