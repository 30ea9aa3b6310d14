#include "data/synthetic/coat.hpp"

#include "data/synthetic/archetypes.hpp"
#include "data/synthetic/noise.hpp"

namespace kaziranga::data::synthetic {
namespace {

float sawtooth(float x) {
    return x - static_cast<float>(floor_of(x));
}

/// 1 in the marked part of each period, 0 outside, with a transition of width `soft`. `x` is in periods.
float marked(float x, float duty, float soft) {
    const float distance = std::abs(sawtooth(x) - 0.5F) * 2.0F;
    return 1.0F - smoothstep(duty - soft, duty + soft, distance);
}

}  // namespace

CoatPainter::CoatPainter(const Coat& coat, Plan plan, Vec phase, uint32_t salt, float pixel)
    : coat_(coat), plan_(plan), phase_(phase), salt_(salt), pixel_(pixel), from_above_(view_of(plan) == View::kAbove) {}

float CoatPainter::gloss(Material material) const {
    switch (material) {
        case Material::kHorn:
            return 0.35F;
        case Material::kFin:
        case Material::kFeather:
            return 0.05F;
        default:
            return coat_.gloss;
    }
}

float CoatPainter::pattern(float u, float v) const {
    const float f = coat_.frequency;
    const float wave = coat_.wobble * clouds(phase_.x + 0.3F * u, phase_.y + 0.3F * v);
    const float soft = 0.1F + 2.0F * f * pixel_;
    switch (coat_.pattern) {
        case Pattern::kPlain:
            return 0;
        case Pattern::kStripes:
            return marked(f * (u + coat_.slant * v) + 0.8F * wave + phase_.x, coat_.duty, soft);
        case Pattern::kLines:
            return marked(1.3F * f * v + 0.4F * wave + 0.25F, coat_.duty, soft);
        case Pattern::kBands:
            return marked(0.32F * f * (u + 0.5F * coat_.slant * v) + 0.35F * wave + 0.3F * phase_.x, coat_.duty,
                          0.6F * soft);
        case Pattern::kGradient:
            return smoothstep(0.0F, 0.95F, u + 0.3F * wave + (0.5F - coat_.duty) + 0.6F * coat_.slant * v);
        default:
            break;
    }
    if (coat_.pattern == Pattern::kPatches) return patches(u, v, wave);
    const float scale = 1.15F * f;
    const Cells cell =
        cells(scale * u + 0.5F * wave + 7.0F * phase_.x, scale * v + 0.5F * wave + 7.0F * phase_.y, salt_);
    const float edge = 0.06F + scale * pixel_;
    const float size = (0.16F + 0.42F * coat_.duty) * (1 - 0.5F * coat_.wobble * unit(cell.id * 77U));
    if (coat_.pattern == Pattern::kSpots) return 1 - smoothstep(size - edge, size + edge, cell.nearest);
    return 1 - smoothstep(0.08F, 0.08F + 2 * edge, std::abs(cell.nearest - size));
}

/// Patches like a giraffe's, or blots like a cow's if the pattern is irregular.
float CoatPainter::patches(float u, float v, float wave) const {
    const float f = coat_.frequency;
    constexpr float kIrregular = 0.4F;
    if (coat_.wobble > kIrregular) {
        // The sum of two rotated noise fields hides the square grid of each field.
        const float a = 0.06F * f * u, b = 0.06F * f * v;
        const float straight = clouds(phase_.x + a, phase_.y + b);
        const float across = clouds(phase_.y + 0.77F * a - 0.64F * b, phase_.x + 0.64F * a + 0.77F * b);
        const float blots = 0.7F * (straight + across) + 0.25F * wave;
        return smoothstep(-0.05F - f * pixel_, 0.05F + f * pixel_, blots + coat_.duty - 0.5F);
    }
    const float scale = 0.55F * f, bend = 0.16F * clouds(phase_.x + 0.9F * u, phase_.y + 0.9F * v);
    const Cells cell = cells(scale * u + 7.0F * phase_.x + bend, scale * v + 7.0F * phase_.y - bend, salt_);
    const float line = 0.2F * (0.75F - coat_.duty), soft = 0.05F + scale * pixel_;
    return smoothstep(line, line + 2 * soft, cell.second - cell.nearest);
}

/// On quadrupeds, the pattern of the trunk continues over thighs, shoulders and the base of the neck.
float CoatPainter::trunk_pattern(const SurfacePoint& point) const {
    // Animals seen from above are symmetric.
    if (plan_ != Plan::kQuadruped) return pattern(point.u, from_above_ ? std::abs(point.v) : point.v);
    const bool neck = point.u > 0.945F;
    const float own = point.material == Material::kCoat ? (neck ? smoothstep(0.1F, 0.45F, point.along) : 0.0F)
                                                        : smoothstep(0.3F, 0.5F, point.along);
    // Stripes bend around the round trunk.
    const float bend = 0.05F * point.rise * point.rise;
    const float trunk = own < 1 ? pattern(point.at.x + bend, point.at.y) : 0.0F;
    return own > 0 ? lerp(trunk, pattern(point.u, point.v), own) : trunk;
}

/// Brightness factor around 1 for hair, down or scales.
float CoatPainter::texture(const SurfacePoint& point) const {
    const float fleck = 0.16F * coat_.fleck * clouds(phase_.x + 1.1F * point.u, phase_.y + 1.1F * point.v);
    switch (plan_) {
        case Plan::kQuadruped:
            return 1 + fleck + 0.13F * ripples(phase_.x + 0.3F * point.u, phase_.y + 1.2F * point.v);
        case Plan::kBird: {
            const float row = sawtooth(16.0F * point.u + 0.3F * std::sin(75.0F * point.v));
            return 0.95F + fleck + 0.1F * row + 0.06F * ripples(phase_.x + point.u, phase_.y + point.v);
        }
        case Plan::kFish:
        case Plan::kSnake:
        case Plan::kLizard: {
            const float density = plan_ == Plan::kFish ? 110.0F : 150.0F;
            const float fade = clamp01(1.2F - density * pixel_);
            return 1 + fleck +
                   0.1F * fade * std::sin(density * (point.u + point.v)) * std::sin(density * (point.u - point.v));
        }
        default:
            return 1 + fleck;
    }
}

Color CoatPainter::coat(const SurfacePoint& point) const {
    Color color = lerp(coat_.base, coat_.mark, trunk_pattern(point));
    const float under = from_above_ ? 2 * std::abs(point.rise) - 1.2F : -point.rise;
    const float line = 0.95F - 1.1F * coat_.countershade;
    color = lerp(color, coat_.belly, 0.85F * smoothstep(line - 0.25F, line + 0.35F, under));
    return color * texture(point);
}

Color CoatPainter::limb(const SurfacePoint& point) const {
    SurfacePoint shifted = point;
    shifted.rise = lerp(0.6F, 0.2F, point.along);
    const Color upper = lerp(coat(shifted), coat_.base * 0.95F, smoothstep(0.5F, 0.9F, point.along));
    const float line = 1.02F - 0.75F * coat_.socks;
    const Color color =
        lerp(upper, coat_.limb, coat_.socks > 0.02F ? smoothstep(line - 0.07F, line + 0.07F, point.along) : 0.0F);
    const bool hoof = plan_ == Plan::kQuadruped && point.along > 0.96F;
    return hoof ? lerp(color, coat_.horn, 0.8F) : color;
}

Color CoatPainter::head(const SurfacePoint& point) const {
    SurfacePoint shifted = point;
    shifted.u = point.u + 4.0F;
    shifted.along = 1;
    Color color = lerp(coat(shifted), coat_.base, 0.65F);
    const float band = smoothstep(-0.45F, -0.1F, point.rise) * (1 - smoothstep(0.45F, 0.75F, point.rise));
    color = lerp(color, coat_.mark * 0.8F, coat_.mask * band);
    color = lerp(color, coat_.belly, from_above_ ? 0.0F : 0.7F * smoothstep(0.35F, 0.9F, -point.rise));
    if (plan_ == Plan::kQuadruped) color = lerp(color, color * 0.55F, 0.8F * smoothstep(0.6F, 1.0F, point.along));
    return color;
}

Color CoatPainter::tail(const SurfacePoint& point) const {
    Color color = lerp(coat_.base, coat_.mark, 0.8F * pattern(point.u + 1.3F, point.v));
    color = lerp(color, coat_.mark * 0.8F, coat_.tail_tip * smoothstep(0.66F, 0.8F, point.along));
    return color * (1.0F + 0.12F * ripples(phase_.x + 0.3F * point.u, phase_.y + 1.4F * point.v));
}

Color CoatPainter::fin(const SurfacePoint& point) const {
    const float rays = 0.5F + 0.5F * std::sin(150.0F * point.v / (0.35F + std::abs(point.along)));
    const Color web = lerp(coat_.limb, coat_.base, 0.25F + 0.3F * (1 - clamp01(point.along)));
    const float spots =
        coat_.pattern == Pattern::kSpots || coat_.pattern == Pattern::kBands ? pattern(1.5F * point.u + 3, point.v) : 0;
    const Color color = lerp(web, coat_.mark, 0.5F * spots);
    const Color rim = lerp(color, coat_.mark, coat_.tail_tip * (1 - smoothstep(0.01F, 0.025F, point.edge)));
    return rim * (0.82F + 0.26F * rays);
}

Color CoatPainter::feather(const SurfacePoint& point) const {
    // Rows of feathers: the edge of each row is bright, its root is in the shadow of the row before.
    const float row = sawtooth(11.0F * point.along + 0.25F * std::sin(60.0F * point.v));
    const Color dark = lerp(coat_.base * 0.72F, coat_.mark, 0.75F * pattern(point.u, point.v));
    Color color = lerp(dark, coat_.limb, 0.45F * smoothstep(0.35F, 0.75F, point.along));
    const float at = 0.3F + 0.25F * coat_.duty;
    const float bar = coat_.socks > 0.02F ? 1 - smoothstep(0.03F, 0.07F, std::abs(point.along - at)) : 0.0F;
    color = lerp(color, coat_.belly, bar);
    color = lerp(color, coat_.mark * 0.7F, 0.8F * coat_.tail_tip * smoothstep(0.72F, 0.85F, point.along));
    const float outline = 0.78F + 0.22F * smoothstep(0.0F, 0.012F, point.edge);
    return color * ((0.84F + 0.26F * row) * outline);
}

Color CoatPainter::wing(const SurfacePoint& point) const {
    const float f = coat_.frequency;
    const float margin = 0.03F + 0.1F * coat_.duty;
    const float wave = 0.012F * std::sin(8.0F * f * point.v);
    Color color = lerp(coat_.base, coat_.mark, pattern(point.u, point.v));
    color = lerp(coat_.limb, color, smoothstep(0.0F, 0.25F + 0.4F * coat_.countershade, point.along));
    color = lerp(color, coat_.mark * 0.6F, 1 - smoothstep(margin - 0.012F, margin + 0.012F, point.edge + wave));
    const float dots = std::sin(6.0F * f * point.v);
    const float row = 1 - smoothstep(0.25F * margin, 0.4F * margin, std::abs(point.edge - 0.5F * margin));
    color = lerp(color, coat_.belly, coat_.socks * row * smoothstep(0.2F, 0.5F, dots));
    if (coat_.mask > 0.1F) {
        const float away = length({point.along - 0.62F, 2.2F * (point.v - 0.02F)});
        color = lerp(color, coat_.horn * 0.5F, 1 - smoothstep(0.15F, 0.18F, away));
        color = lerp(color, coat_.belly, 1 - smoothstep(0.08F, 0.1F, away));
        color = lerp(color, coat_.eye, 1 - smoothstep(0.05F, 0.065F, away));
    }
    const float angle = point.v / (std::abs(point.u) + 0.05F);
    const float vein = 1 - smoothstep(0.0F, 0.07F, std::abs(sawtooth(3.2F * angle) - 0.5F));
    const float dust = clouds(phase_.x + 1.5F * point.u, phase_.y + 1.5F * point.v);
    return color * (1 - 0.3F * vein + 0.1F * dust);
}

Color CoatPainter::shell(const SurfacePoint& point) const {
    if (plan_ == Plan::kBeetle) {
        const Color color = lerp(coat_.base, coat_.mark, pattern(point.u, std::abs(point.v)));
        return color * (0.95F + 0.1F * std::sin(260.0F * point.v * (1 - 0.3F * point.along)));
    }
    const float scale = 0.45F * coat_.frequency + 1.5F;
    const Cells scute = cells(scale * point.u + 3 * phase_.x, scale * point.v + 3 * phase_.y, salt_);
    const float border = scute.second - scute.nearest;
    const float rings = 0.5F + 0.5F * std::sin(34.0F * border);
    const float rays =
        coat_.pattern == Pattern::kPlain ? 0.0F : 1 - smoothstep(0.15F, 0.3F + 0.3F * coat_.duty, scute.nearest);
    Color color = lerp(coat_.base, coat_.mark, rays);
    color = lerp(coat_.base * 0.42F, color, smoothstep(0.03F, 0.03F + 3 * scale * pixel_, border));
    const float rim = 1 - smoothstep(0.03F, 0.06F, point.edge);
    return lerp(color * (0.88F + 0.18F * rings), coat_.limb * 0.8F, 0.7F * rim);
}

Color CoatPainter::albedo(const SurfacePoint& point) const {
    switch (point.material) {
        case Material::kCoat:
            return coat(point);
        case Material::kLimb:
            return limb(point);
        case Material::kTail:
            return tail(point);
        case Material::kHead:
            return head(point);
        case Material::kHorn:
            return coat_.horn * (1.05F - 0.25F * point.along + 0.1F * std::sin(70.0F * point.along));
        case Material::kFin:
            return fin(point);
        case Material::kWing:
            return wing(point);
        case Material::kShell:
            return shell(point);
        case Material::kFeather:
            return feather(point);
        case Material::kSkin:
            break;
    }
    const float scales = ripples(phase_.x + 0.6F * point.u, phase_.y + 0.6F * point.v);
    return coat_.limb * (1.0F + 0.14F * scales);
}

}  // namespace kaziranga::data::synthetic
