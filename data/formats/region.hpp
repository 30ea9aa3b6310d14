#pragma once

#include "core/preprocessing.hpp"
#include "data/box.hpp"

#include <cstdint>

namespace kaziranga::data {

/// The box of an animal in an image, as detectors write it: shares of the image's width and height from its top left
/// corner, after EXIF rotation.
struct RelativeBox {
    float x = 0, y = 0, width = 0, height = 0;
    float confidence = 1;  ///< of the detector, 0 to 1; 1 for boxes that people drew

    bool operator==(const RelativeBox&) const = default;
};

/// Returns the pixels that are cut out of an image for a box: the box with its margin, moved into the image where it
/// crosses an edge, and never larger than the image.
Box region_of(const RelativeBox& box, const core::BoxCrop& crop, int64_t height, int64_t width);

}  // namespace kaziranga::data
