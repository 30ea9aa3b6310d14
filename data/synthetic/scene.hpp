#pragma once

#include "data/synthetic/canvas.hpp"
#include "data/synthetic/chance.hpp"
#include "data/synthetic/figure_painter.hpp"
#include "data/synthetic/habitats.hpp"
#include "data/synthetic/traits.hpp"

namespace kaziranga::data::synthetic {

/// One place on one day: where the horizon and the animal's feet are, how the light falls, the habitat's colours as
/// they are there. Lengths are pixels.
struct Scene {
    Habitat habitat = Habitat::kSavanna;
    HabitatLook look;  ///< the habitat's, with this place's deviations
    float side = 256;
    float horizon = 100;
    float feet = 200;
    bool perch = false;  ///< the animal sits on a branch; what lies behind is far and blurred
    float blur = 1;      ///< of what lies behind, deviation of a Gaussian
    float haze = 0.2F;
    Vec phase;  ///< where on the endless noise this place was cut out
    Light light;
};

/// @param feet  the row of the animal's feet
Scene make_scene(const SpeciesTraits& traits, Habitat habitat, bool perch, float side, float feet, Chance& chance);

}  // namespace kaziranga::data::synthetic
