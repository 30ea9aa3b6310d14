#pragma once

#include "data/synthetic/color.hpp"

#include <array>
#include <string_view>

namespace kaziranga::data::synthetic {

/// How pictures of one park are lit, developed and populated: what sets the parks apart beyond their species.
struct Domain {
    double shift = 0;    ///< 0: Olympic's own; 1: as far from it as it goes
    float haze = 0.15F;  ///< air between the animal and the horizon
    float saturation = 1.0F;
    float contrast = 1.0F;
    Color cast{1, 1, 1};   ///< multiplies the developed picture
    float noise = 0.012F;  ///< deviation of the sensor's noise
    float vignette = 0.12F;
    float flash = 0;                  ///< light from the camera instead of the sky
    float dusk = 0.15F;               ///< how often the sun is low
    std::array<float, 8> plans{};     ///< how common each body plan is
    std::array<float, 8> patterns{};  ///< how common each coat pattern is
};

/// Olympic's domain, or Kaziranga's at `shift` from it.
Domain domain_of(std::string_view park, double shift);

}  // namespace kaziranga::data::synthetic
