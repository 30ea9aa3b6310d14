#pragma once

#include "data/synthetic/chance.hpp"
#include "data/synthetic/color.hpp"

#include <string_view>

namespace kaziranga::data::synthetic {

struct NamedColor {
    std::string_view word;
    Color color;
    float olympic;    ///< how common it is there
    float kaziranga;  ///< and there when the domains are fully apart
};

/// A coat colour. @param vivid  whether birds' and butterflies' colours may be drawn as well as fur's
const NamedColor& pick_color(Chance& chance, bool vivid, float shift);

/// A colour for markings that can be told from `base`.
const NamedColor& pick_mark(Chance& chance, bool vivid, float shift, Color base);

}  // namespace kaziranga::data::synthetic
