#pragma once

#include "data/synthetic/traits.hpp"

#include <cstdint>

namespace cv {
class Mat;
}

namespace kaziranga::data::synthetic {

/// Draws picture number `index` of a species: each has its own individual, pose and place.
/// A pure function of the traits (which contain park, species and seed), index and size.
/// @param size  side in pixels, at least 16
/// @return      [size, size] 8-bit BGR
cv::Mat draw_animal(const SpeciesTraits& traits, int64_t index, int64_t size);

}  // namespace kaziranga::data::synthetic
