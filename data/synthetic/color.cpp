#include "data/synthetic/color.hpp"

namespace kaziranga::data::synthetic {

Color turned(Color c, float degrees, float saturation) {
    const float y = luminance(c);
    const float i = 0.596F * c.r - 0.274F * c.g - 0.322F * c.b;
    const float q = 0.211F * c.r - 0.523F * c.g + 0.312F * c.b;
    const Vec turn = direction(degrees);
    const float i2 = (i * turn.x - q * turn.y) * saturation;
    const float q2 = (i * turn.y + q * turn.x) * saturation;
    return clamped({y + 0.956F * i2 + 0.621F * q2, y - 0.272F * i2 - 0.647F * q2, y - 1.106F * i2 + 1.703F * q2});
}

}  // namespace kaziranga::data::synthetic
