#pragma once

#include "data/synthetic/scene.hpp"

namespace kaziranga::data::synthetic {

/// Paints a curved blade of grass from its root upwards.
void paint_blade(Canvas& canvas, Vec root, float height, float lean, float width, Color color);

/// Paints a tuft of blades. @param brightness  of the light that falls on it
void paint_tuft(Canvas& canvas, Vec root, float height, float width, int blades, Color color, Chance& chance);

enum class Tree { kBroad, kFlat, kConifer, kBamboo, kTrunk };
void paint_tree(Canvas& canvas, Tree kind, Vec root, float height, Color leaves, Color bark, Chance& chance);

/// Paints the branch under a perched animal.
void paint_perch(Canvas& canvas, const Scene& scene, Chance& chance);

/// Paint plants and leaves that hide a part of the animal.
void paint_front_plants(Canvas& canvas, const Scene& scene, const Box& box, float brightness, Chance& chance);
void paint_front_water(Canvas& canvas, const Scene& scene, float brightness, Chance& chance);
void paint_front_litter(Canvas& canvas, const Scene& scene, const Box& box, float brightness, Chance& chance);

}  // namespace kaziranga::data::synthetic
