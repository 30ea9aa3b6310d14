#pragma once

#include "data/synthetic/color.hpp"

#include <array>
#include <string_view>

namespace kaziranga::data::synthetic {

/// Light, camera and frequencies of body plans in the pictures of one park: the difference between the parks apart from
/// their species.
struct Domain {
    double shift = 0;    ///< 0: equal to Olympic; 1: maximum difference from it
    float haze = 0.15F;  ///< amount of haze between the animal and the horizon
    float saturation = 1.0F;
    float contrast = 1.0F;
    Color cast{1, 1, 1};   ///< colour that multiplies the picture
    float noise = 0.012F;  ///< standard deviation of the sensor noise
    float vignette = 0.12F;
    float flash = 0;                  ///< probability of a flash from the camera
    float dusk = 0.15F;               ///< probability of a low sun
    std::array<float, 8> plans{};     ///< relative frequency of each body plan
    std::array<float, 8> patterns{};  ///< relative frequency of each coat pattern
};

/// Returns Olympic's domain, or Kaziranga's domain at distance `shift` from it.
Domain domain_of(std::string_view park, double shift);

}  // namespace kaziranga::data::synthetic
