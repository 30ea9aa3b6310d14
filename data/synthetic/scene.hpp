#pragma once

#include "data/synthetic/canvas.hpp"
#include "data/synthetic/chance.hpp"
#include "data/synthetic/figure_painter.hpp"
#include "data/synthetic/habitats.hpp"
#include "data/synthetic/traits.hpp"

namespace kaziranga::data::synthetic {

/// The scene of one picture: position of the horizon and of the animal's feet, light, and the colours of the habitat.
/// Lengths are in pixels.
struct Scene {
    Habitat habitat = Habitat::kSavanna;
    HabitatLook look;  ///< appearance of the habitat, with random deviations
    float side = 256;
    float horizon = 100;
    float feet = 200;
    bool perch = false;  ///< the animal sits on a branch; the background is far and blurred
    float blur = 1;      ///< blur of the background: sigma of a Gaussian
    float haze = 0.2F;
    Vec phase;  ///< offset of this scene in the noise fields
    Light light;
};

/// @param feet  row of the animal's feet
Scene make_scene(const SpeciesTraits& traits, Habitat habitat, bool perch, float side, float feet, Chance& chance);

}  // namespace kaziranga::data::synthetic
