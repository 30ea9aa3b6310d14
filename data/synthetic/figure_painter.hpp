#pragma once

#include "data/synthetic/canvas.hpp"
#include "data/synthetic/coat.hpp"
#include "data/synthetic/figure.hpp"

#include <vector>

namespace kaziranga::data::synthetic {

/// Where an animal stands in the picture: from body lengths to pixels.
struct Placement {
    Vec origin;       ///< where the figure's (0, 0) falls
    Vec ex;           ///< pixels for a step of one body length along x
    Vec ey;           ///< and along y
    float scale = 1;  ///< pixels a body length, of the longer axis

    Vec to_pixels(Vec p) const { return origin + ex * p.x + ey * p.y; }
};

struct Light {
    float x = -0.4F, y = -0.6F, z = 0.7F;  ///< unit direction towards the sun, y down, z towards the viewer
    Color sun{0.75F, 0.73F, 0.68F};
    Color sky{0.5F, 0.52F, 0.56F};
    Color ground{0.1F, 0.1F, 0.08F};  ///< thrown back from below
};

/// What the animal covers, 0 to 1 a pixel, row by row.
using Mask = std::vector<float>;

/// Paints an animal over what the canvas holds, smooth-edged and shaded as a solid.
Mask paint_figure(Canvas& canvas, const Figure& figure, const Placement& placement, const CoatPainter& coat,
                  const Light& light);

}  // namespace kaziranga::data::synthetic
