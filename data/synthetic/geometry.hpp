#pragma once

#include <algorithm>
#include <cmath>

namespace kaziranga::data::synthetic {

struct Vec {
    float x = 0;
    float y = 0;
};

inline Vec operator+(Vec a, Vec b) {
    return {a.x + b.x, a.y + b.y};
}
inline Vec operator-(Vec a, Vec b) {
    return {a.x - b.x, a.y - b.y};
}
inline Vec operator*(Vec a, float s) {
    return {a.x * s, a.y * s};
}
inline float dot(Vec a, Vec b) {
    return a.x * b.x + a.y * b.y;
}
inline float cross(Vec a, Vec b) {
    return a.x * b.y - a.y * b.x;
}
inline float length(Vec a) {
    return std::sqrt(dot(a, a));
}
inline Vec normalised(Vec a) {
    return a * (1.0F / std::max(length(a), 1e-6F));
}

inline constexpr float kPi = 3.14159265F;

/// Unit vector at `degrees` counter-clockwise from +x.
inline Vec direction(float degrees) {
    const float radians = degrees * (kPi / 180.0F);
    return {std::cos(radians), std::sin(radians)};
}

inline float lerp(float a, float b, float t) {
    return a + (b - a) * t;
}
inline Vec lerp(Vec a, Vec b, float t) {
    return a + (b - a) * t;
}
inline float clamp01(float x) {
    return std::min(std::max(x, 0.0F), 1.0F);
}

/// Rounds down to an integer. std::floor would be a library call on baseline processors.
inline int floor_of(float x) {
    const int whole = static_cast<int>(x);
    return whole - (x < static_cast<float>(whole) ? 1 : 0);
}

/// 0 below `low`, 1 above `high`, with a smooth transition.
inline float smoothstep(float low, float high, float x) {
    const float t = clamp01((x - low) / (high - low));
    return t * t * (3.0F - 2.0F * t);
}

}  // namespace kaziranga::data::synthetic
