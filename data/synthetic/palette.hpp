#pragma once

#include "data/synthetic/chance.hpp"
#include "data/synthetic/color.hpp"

#include <string_view>

namespace kaziranga::data::synthetic {

struct NamedColor {
    std::string_view word;
    Color color;
    float olympic;    ///< relative frequency in Olympic
    float kaziranga;  ///< relative frequency in Kaziranga at shift 1
};

/// Draws a coat colour. @param vivid  true: may also draw bright colours, not only those of fur
const NamedColor& pick_color(Chance& chance, bool vivid, float shift);

/// Draws a colour for markings that differs visibly from `base`.
const NamedColor& pick_mark(Chance& chance, bool vivid, float shift, Color base);

}  // namespace kaziranga::data::synthetic
