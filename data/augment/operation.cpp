#include "data/augment/operation.hpp"

#include "data/augment/colour.hpp"
#include "data/augment/geometry.hpp"

namespace kaziranga::data {

at::Tensor apply(const at::Tensor& image, const Step& step) {
    switch (step.operation) {
        case Operation::kIdentity:
            return image;
        case Operation::kShearX:
            return shear_x(image, step.parameter);
        case Operation::kShearY:
            return shear_y(image, step.parameter);
        case Operation::kTranslateX:
            return translate_x(image, static_cast<int64_t>(step.parameter));
        case Operation::kTranslateY:
            return translate_y(image, static_cast<int64_t>(step.parameter));
        case Operation::kRotate:
            return rotate(image, step.parameter);
        case Operation::kBrightness:
            return adjust_brightness(image, step.parameter);
        case Operation::kSaturation:
            return adjust_saturation(image, step.parameter);
        case Operation::kContrast:
            return adjust_contrast(image, step.parameter);
        case Operation::kSharpness:
            return adjust_sharpness(image, step.parameter);
        case Operation::kPosterize:
            return posterize(image, static_cast<int>(step.parameter));
        case Operation::kSolarize:
            return solarize(image, step.parameter);
        case Operation::kAutocontrast:
            return autocontrast(image);
        case Operation::kEqualize:
            return equalize(image);
        case Operation::kHue:
            return adjust_hue(image, step.parameter);
    }
    TORCH_CHECK(false, "unknown operation");
}

}  // namespace kaziranga::data
