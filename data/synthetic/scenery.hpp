#pragma once

#include "data/synthetic/scene.hpp"

namespace kaziranga::data::synthetic {

/// Everything behind the animal.
void paint_background(Canvas& canvas, const Scene& scene, Chance& chance);

/// What the animal does to its surroundings: the shadow it throws, the branch it sits on.
/// @param box  of the animal, in pixels
void paint_contact(Canvas& canvas, const Scene& scene, const Box& box, Chance& chance);

/// Everything between the animal and the camera, and its reflection in water.
void paint_foreground(Canvas& canvas, const Scene& scene, const Box& box, Chance& chance);

}  // namespace kaziranga::data::synthetic
