#pragma once

#include "data/synthetic/scene.hpp"

namespace kaziranga::data::synthetic {

/// Paints everything behind the animal.
void paint_background(Canvas& canvas, const Scene& scene, Chance& chance);

/// Paints the shadow of the animal, or the branch it sits on.
/// @param box  bounding box of the animal, in pixels
void paint_contact(Canvas& canvas, const Scene& scene, const Box& box, Chance& chance);

/// Paints everything between the animal and the camera, and its reflection in water.
void paint_foreground(Canvas& canvas, const Scene& scene, const Box& box, Chance& chance);

}  // namespace kaziranga::data::synthetic
