#pragma once

#include "data/synthetic/traits.hpp"

#include <cstdint>

namespace cv {
class Mat;
}

namespace kaziranga::data::synthetic {

/// The photograph number `index` of a species: an individual of its own, in a pose and a place of its own.
/// A pure function of the traits (which hold park, species and seed), index and size.
/// @param size  side in pixels, at least 16
/// @return      [size, size] 8-bit BGR
cv::Mat draw_animal(const SpeciesTraits& traits, int64_t index, int64_t size);

}  // namespace kaziranga::data::synthetic
