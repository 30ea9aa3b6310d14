#pragma once

#include "data/synthetic/scene.hpp"

namespace kaziranga::data::synthetic {

/// Paints sky, background and ground of a landscape with a horizon.
void paint_landscape(Canvas& canvas, const Scene& scene, Chance& chance);

/// Paints grass, stones and flowers around the animal's feet. Called after the background was blurred.
void paint_near_ground(Canvas& canvas, const Scene& scene, Chance& chance);

/// Paints the water around a swimming animal, with its plants.
void paint_water(Canvas& canvas, const Scene& scene, Chance& chance);

/// Paints ground seen from above.
void paint_ground(Canvas& canvas, const Scene& scene, Chance& chance);

/// Paints the reflection of everything above the water line.
void paint_reflection(Canvas& canvas, const Scene& scene);

}  // namespace kaziranga::data::synthetic
