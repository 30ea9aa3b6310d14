#pragma once

#include "data/synthetic/scene.hpp"

namespace kaziranga::data::synthetic {

/// Sky, distance and ground of a landscape with a horizon.
void paint_landscape(Canvas& canvas, const Scene& scene, Chance& chance);

/// Grass, stones and flowers on the ground around the animal's feet, painted after the distance was blurred.
void paint_near_ground(Canvas& canvas, const Scene& scene, Chance& chance);

/// The water around a swimming animal, with what grows in it.
void paint_water(Canvas& canvas, const Scene& scene, Chance& chance);

/// Ground seen from above.
void paint_ground(Canvas& canvas, const Scene& scene, Chance& chance);

/// Mirrors what stands above the water line.
void paint_reflection(Canvas& canvas, const Scene& scene);

}  // namespace kaziranga::data::synthetic
