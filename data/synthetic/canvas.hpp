#pragma once

#include "data/synthetic/color.hpp"

#include <cstddef>
#include <vector>

namespace kaziranga::data::synthetic {

/// A square picture to paint on. Pixel (x, y) covers the unit square around its centre (x + 0.5, y + 0.5); y points
/// down.
class Canvas {
  public:
    explicit Canvas(int side) : side_(side), pixels_(static_cast<size_t>(side) * static_cast<size_t>(side)) {}

    int side() const { return side_; }
    Color& at(int x, int y) {
        return pixels_[static_cast<size_t>(y) * static_cast<size_t>(side_) + static_cast<size_t>(x)];
    }
    Color at(int x, int y) const {
        return pixels_[static_cast<size_t>(y) * static_cast<size_t>(side_) + static_cast<size_t>(x)];
    }
    Color* row(int y) { return &at(0, y); }
    void blend(int x, int y, Color color, float alpha) { at(x, y) = lerp(at(x, y), color, alpha); }

    /// Paints a tapered stroke with round ends. Its colour changes from one end to the other.
    void stroke(Vec a, Vec b, float ra, float rb, Color from, Color to, float alpha = 1);

    /// Paints an ellipse with a rough edge, shaded like a ball lit from above. `rough` is the variation of the edge,
    /// `soft` its width, both as a fraction of the radius.
    void blob(Vec center, float rx, float ry, Color color, float rough, float soft, Vec phase, float alpha = 1);

    /// Paints a pointed leaf with a midrib.
    void leaf(Vec base, Vec tip, float width, Color color, float alpha = 1);

    /// Paints a soft dark ellipse. @param depth  1: the centre is black
    void shadow(Vec center, float rx, float ry, float depth);

    /// Blurs with a Gaussian; does nothing if sigma is below 0.2 pixels.
    void blur(float sigma);

  private:
    int side_;
    std::vector<Color> pixels_;
};

/// A range of pixels, clipped to the canvas.
struct Range {
    int first, last;  ///< last is not included
};
inline Range pixels_between(float low, float high, int side) {
    const auto whole = [&](float x) { return static_cast<int>(std::min(std::max(x, 0.0F), static_cast<float>(side))); };
    return {whole(low - 1.0F), whole(high + 2.0F)};
}

}  // namespace kaziranga::data::synthetic
