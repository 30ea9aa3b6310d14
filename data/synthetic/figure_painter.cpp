#include "data/synthetic/figure_painter.hpp"

#include "data/synthetic/relief.hpp"

#include <algorithm>

namespace kaziranga::data::synthetic {
namespace {

struct Shading {
    Color diffuse;
    float glint;
};

Shading shade(const Light& light, float nx, float ny, float nz) {
    const float facing = std::max(0.0F, nx * light.x + ny * light.y + nz * light.z);
    const float up = 0.5F - 0.5F * ny;
    const Color diffuse = light.sky * (0.35F + 0.65F * up) + light.sun * facing + light.ground * (1 - up);
    // Blinn-Phong highlight, with the viewer straight ahead.
    const float hx = light.x, hy = light.y, hz = light.z + 1.0F;
    const float half = std::max(0.0F, (nx * hx + ny * hy + nz * hz) / std::sqrt(hx * hx + hy * hy + hz * hz));
    const float h4 = half * half * half * half;
    const float h16 = h4 * h4 * h4 * h4;
    return {diffuse, h16};
}

class LayerPainter {
  public:
    LayerPainter(Canvas& canvas, Mask& mask, const Placement& placement, const CoatPainter& coat, const Light& light)
        : canvas_(canvas), mask_(mask), placement_(placement), coat_(coat), light_(light) {}

    void paint(const Relief& relief, float dim) {
        const Range xs = relief.columns(), ys = relief.rows();
        for (int y = ys.first; y < ys.last; ++y) {
            for (int x = xs.first; x < xs.last; ++x) {
                const float outside = relief.distance(x, y) * placement_.scale;
                const float cover = clamp01(0.5F - outside);
                if (cover > 0)
                    paint_pixel(relief, x, y, cover, dim);
                else if (outside < 4.0F)
                    shade_behind(x, y, outside);
            }
        }
    }

  private:
    void paint_pixel(const Relief& relief, int x, int y, float cover, float dim) {
        const float gx = relief.slope_x(x, y) * placement_.scale, gy = relief.slope_y(x, y) * placement_.scale;
        const float inverse = 1.0F / std::sqrt(gx * gx + gy * gy + 1.0F);
        const Shading lit = shade(light_, -gx * inverse, -gy * inverse, inverse);
        const SurfacePoint point = relief.surface(x, y);
        const float glint = coat_.gloss(point.material) * lit.glint;
        const Color color = coat_.albedo(point) * lit.diffuse * dim + light_.sun * glint;
        canvas_.blend(x, y, color, cover);
        float& covered = mask_[static_cast<size_t>(y * canvas_.side() + x)];
        covered = std::max(covered, cover);
    }

    /// Paints the small shadow of a body part on the parts directly behind it.
    void shade_behind(int x, int y, float outside) {
        const float covered = mask_[static_cast<size_t>(y * canvas_.side() + x)];
        if (covered > 0) canvas_.at(x, y) = canvas_.at(x, y) * (1 - 0.3F * covered * (1 - outside / 4.0F));
    }

    Canvas& canvas_;
    Mask& mask_;
    const Placement& placement_;
    const CoatPainter& coat_;
    const Light& light_;
};

void paint_mark(Canvas& canvas, const Mark& mark, const Placement& placement, float brightness) {
    const Color color = clamped(mark.color * brightness);
    canvas.stroke(placement.to_pixels(mark.a), placement.to_pixels(mark.b), mark.ra * placement.scale,
                  mark.rb * placement.scale, color, color);
}

}  // namespace

Mask paint_figure(Canvas& canvas, const Figure& figure, const Placement& placement, const CoatPainter& coat,
                  const Light& light) {
    Mask mask(static_cast<size_t>(canvas.side()) * static_cast<size_t>(canvas.side()), 0.0F);
    LayerPainter painter(canvas, mask, placement, coat, light);
    Relief relief(canvas.side(), placement);
    const float brightness = std::min(1.0F, luminance(light.sun) * 0.6F + luminance(light.sky));
    for (size_t i = 0; i < figure.layers.size(); ++i) {
        relief.build(figure.layers[i]);
        painter.paint(relief, figure.layers[i].light);
        for (const Mark& mark : figure.marks) {
            if (mark.after_layer == i) paint_mark(canvas, mark, placement, brightness);
        }
    }
    return mask;
}

}  // namespace kaziranga::data::synthetic
