#pragma once

#include "data/synthetic/geometry.hpp"

namespace kaziranga::data::synthetic {

/// Position of an animal in the picture: converts body lengths to pixels.
struct Placement {
    Vec origin;       ///< pixel position of the figure's (0, 0)
    Vec ex;           ///< step in pixels for one body length along x
    Vec ey;           ///< step in pixels for one body length along y
    float scale = 1;  ///< pixels per body length, for the longer axis

    Vec to_pixels(Vec p) const { return origin + ex * p.x + ey * p.y; }
};

}  // namespace kaziranga::data::synthetic
