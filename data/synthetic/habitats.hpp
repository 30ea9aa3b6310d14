#pragma once

#include "data/synthetic/color.hpp"

#include <cstddef>
#include <span>
#include <string_view>

namespace kaziranga::data::synthetic {

enum class Habitat {
    // Seen from the side, with a horizon.
    kSavanna,
    kForest,
    kWetland,
    kSnow,
    kDesert,
    kMeadow,
    kMountain,
    kJungle,
    kReeds,
    // Under water.
    kReef,
    kOpenWater,
    kRiverbed,
    kKelp,
    kMurk,
    // Ground seen from above.
    kLitter,
    kSand,
    kRock,
    kBark,
    kLeaf,
    kMoss,
    kRedSoil,
};
inline constexpr size_t kHabitats = 21;

enum class View { kSide, kWater, kAbove };

/// Appearance of a habitat. `first` and `second` are the two tones of the ground, or of the water at top and bottom.
struct HabitatLook {
    std::string_view word;  ///< word in names of species
    View view;
    float olympic;    ///< relative frequency in Olympic
    float kaziranga;  ///< relative frequency in Kaziranga at shift 1
    Color sky_top;
    Color sky_low;
    Color far;
    Color first;
    Color second;
    Color plant;
    float plants;  ///< density of grass, weeds or leaves, 0 to 1
    float rough;   ///< contrast of the ground's texture
};

std::span<const HabitatLook, kHabitats> habitat_looks();
inline const HabitatLook& look_of(Habitat habitat) {
    return habitat_looks()[static_cast<size_t>(habitat)];
}

}  // namespace kaziranga::data::synthetic
