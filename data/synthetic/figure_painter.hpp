#pragma once

#include "data/synthetic/canvas.hpp"
#include "data/synthetic/coat.hpp"
#include "data/synthetic/figure.hpp"
#include "data/synthetic/placement.hpp"

#include <vector>

namespace kaziranga::data::synthetic {

struct Light {
    float x = -0.4F, y = -0.6F, z = 0.7F;  ///< unit direction towards the sun, y down, z towards the viewer
    Color sun{0.75F, 0.73F, 0.68F};
    Color sky{0.5F, 0.52F, 0.56F};
    Color ground{0.1F, 0.1F, 0.08F};  ///< light reflected from the ground
};

/// Coverage by the animal, 0 to 1 per pixel, row by row.
using Mask = std::vector<float>;

/// Paints an animal on the canvas, with smooth edges and shading of a solid body.
Mask paint_figure(Canvas& canvas, const Figure& figure, const Placement& placement, const CoatPainter& coat,
                  const Light& light);

}  // namespace kaziranga::data::synthetic
