#pragma once

#include "data/synthetic/geometry.hpp"

namespace kaziranga::data::synthetic {

/// Where an animal stands in the picture: from body lengths to pixels.
struct Placement {
    Vec origin;       ///< where the figure's (0, 0) falls
    Vec ex;           ///< pixels for a step of one body length along x
    Vec ey;           ///< and along y
    float scale = 1;  ///< pixels a body length, of the longer axis

    Vec to_pixels(Vec p) const { return origin + ex * p.x + ey * p.y; }
};

}  // namespace kaziranga::data::synthetic
