#pragma once

#include "data/synthetic/geometry.hpp"

namespace kaziranga::data::synthetic {

/// Display-referred colour, each channel in [0, 1].
struct Color {
    float r = 0;
    float g = 0;
    float b = 0;
};

inline Color operator+(Color a, Color b) {
    return {a.r + b.r, a.g + b.g, a.b + b.b};
}
inline Color operator*(Color a, Color b) {
    return {a.r * b.r, a.g * b.g, a.b * b.b};
}
inline Color operator*(Color a, float s) {
    return {a.r * s, a.g * s, a.b * s};
}
inline Color lerp(Color a, Color b, float t) {
    return {lerp(a.r, b.r, t), lerp(a.g, b.g, t), lerp(a.b, b.b, t)};
}
inline float luminance(Color c) {
    return 0.299F * c.r + 0.587F * c.g + 0.114F * c.b;
}

/// Converts 0xRRGGBB, for tables of colours.
constexpr Color rgb(unsigned hex) {
    return {static_cast<float>((hex >> 16) & 255) / 255.0F, static_cast<float>((hex >> 8) & 255) / 255.0F,
            static_cast<float>(hex & 255) / 255.0F};
}

/// Rotates the hue by `degrees` and scales the saturation around the grey of equal luminance (YIQ rotation).
Color turned(Color c, float degrees, float saturation);

inline Color clamped(Color c) {
    return {clamp01(c.r), clamp01(c.g), clamp01(c.b)};
}

}  // namespace kaziranga::data::synthetic
