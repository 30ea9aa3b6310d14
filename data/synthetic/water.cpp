#include "data/synthetic/backdrops.hpp"
#include "data/synthetic/noise.hpp"
#include "data/synthetic/vegetation.hpp"

namespace kaziranga::data::synthetic {
namespace {

void paint_depth(Canvas& canvas, const Scene& scene, Chance& chance) {
    const float s = scene.side, slant = chance.normal(0.5F), shafts = chance.between(0.0F, 0.3F);
    for (int y = 0; y < canvas.side(); ++y) {
        const float v = static_cast<float>(y) / s;
        for (int x = 0; x < canvas.side(); ++x) {
            const float u = static_cast<float>(x) / s;
            const float n = clouds(scene.phase.x + 0.4F * u, scene.phase.y + 0.4F * v);
            const Color water = lerp(scene.look.first, scene.look.second, clamp01(v * 1.1F + 0.25F * n));
            const float shaft = clouds(scene.phase.x + 0.5F * (u + slant * v), 0.37F);
            canvas.at(x, y) = water * (1 + shafts * (1 - v) * shaft);
        }
    }
}

float floor_height(const Scene& scene, float u) {
    return 0.05F * scene.side * clouds(scene.phase.x + 0.7F * u, scene.phase.y);
}

void paint_floor(Canvas& canvas, const Scene& scene, float level, Color sand) {
    const float s = scene.side;
    for (int x = 0; x < canvas.side(); ++x) {
        const float u = static_cast<float>(x) / s, top = level + floor_height(scene, u);
        for (int y = std::max(0, static_cast<int>(top)); y < canvas.side(); ++y) {
            const float down = (static_cast<float>(y) - top) / s, v = 1.2F / (0.15F + down);
            const float n = clouds(scene.phase.x + (u - 0.5F) * 0.12F * v, scene.phase.y + 0.5F * v);
            const Color color = lerp(lerp(scene.look.far, sand, clamp01(0.3F + 3 * down)), sand, 0.2F);
            canvas.blend(x, y, color * (1 + 0.45F * scene.look.rough * n), clamp01(0.1F + 14 * down));
        }
    }
}

void paint_branching(Canvas& canvas, Vec root, float angle, float reach, float width, Color color, int depth,
                     Chance& chance) {
    const Vec tip = root + Vec{direction(angle).x, -direction(angle).y} * reach;
    canvas.stroke(root, tip, width, 0.8F * width, color * 0.8F, color);
    if (depth == 0) return;
    for (const float turn : {-32.0F, 28.0F}) {
        paint_branching(canvas, tip, angle + turn + chance.normal(9), 0.72F * reach, 0.75F * width, color * 1.05F,
                        depth - 1, chance);
    }
}

void paint_coral(Canvas& canvas, const Scene& scene, Vec root, float size, Chance& chance) {
    constexpr Color kCorals[] = {rgb(0xd8735a), rgb(0xd9a05c), rgb(0xa85f9a),
                                 rgb(0xc94f6d), rgb(0x7f9f6a), rgb(0xb8a888)};
    const Color coral =
        lerp(turned(kCorals[chance.below(6)], chance.normal(10), 1), scene.look.far, chance.between(0.1F, 0.55F));
    if (chance.happens(0.5F)) {
        for (int i = 0; i < 4; ++i) {
            const Vec at = root + Vec{chance.normal(0.5F), chance.normal(0.2F)} * size;
            canvas.blob(at, size * chance.between(0.4F, 0.8F), size * chance.between(0.3F, 0.6F),
                        coral * chance.factor(0.2F), 0.35F, 0.1F, {chance.between(0, 1), chance.between(0, 1)});
        }
    } else {
        for (int i = 0; i < 3; ++i) {
            paint_branching(canvas, root + Vec{chance.normal(0.3F) * size, 0}, 90 + chance.normal(25), 0.5F * size,
                            0.08F * size, coral, 3, chance);
        }
    }
}

void paint_weed(Canvas& canvas, const Scene& scene, Vec root, float height, float width, Chance& chance) {
    const Color color = turned(
        lerp(scene.look.plant, scene.look.far, chance.between(0.0F, 0.6F)) * chance.factor(0.25F), chance.normal(8), 1);
    const float phase = chance.between(0, 6.28F), sway = 0.05F * height;
    Vec from = root;
    constexpr int kPieces = 9;
    for (int i = 1; i <= kPieces; ++i) {
        const float t = static_cast<float>(i) / kPieces;
        const Vec to = root + Vec{sway * std::sin(phase + 5 * t) + 0.1F * height * t * t, -height * t};
        canvas.stroke(from, to, width * (1.05F - t * 0.8F), width * (1 - t * 0.8F), color * (0.7F + 0.4F * t),
                      color * (0.75F + 0.4F * t));
        if (scene.habitat == Habitat::kKelp) {
            const float s = i % 2 == 0 ? 1.0F : -1.0F;
            canvas.leaf(to, to + Vec{s * 0.16F, -0.08F} * height, 1.6F * width, color * (0.8F + 0.3F * t));
        }
        from = to;
    }
}

}  // namespace

void paint_water(Canvas& canvas, const Scene& scene, Chance& chance) {
    const float s = scene.side;
    paint_depth(canvas, scene, chance);
    if (scene.habitat == Habitat::kOpenWater) return;
    const float level = s * chance.between(0.55F, 0.95F);
    const bool reef = scene.habitat == Habitat::kReef;
    paint_floor(canvas, scene, level, reef ? rgb(0xcdbf98) : lerp(scene.look.second, rgb(0xa0906a), 0.5F));
    const int things = static_cast<int>(scene.look.plants * chance.between(4.0F, 16.0F));
    for (int i = 0; i < things; ++i) {
        const float near = static_cast<float>(i + 1) / static_cast<float>(things);
        const float x = chance.between(0, s);
        const Vec root{x, level + floor_height(scene, x / s) + near * (s - level) * chance.between(0.2F, 1.0F)};
        if (reef) {
            paint_coral(canvas, scene, root, s * chance.between(0.05F, 0.13F) * (0.5F + near), chance);
        } else if (chance.happens(0.3F)) {
            canvas.blob(root, s * 0.08F * near, s * 0.05F * near, scene.look.second * 1.1F, 0.3F, 0.1F, scene.phase);
        } else {
            const float height =
                scene.habitat == Habitat::kKelp ? s * chance.between(0.5F, 1.1F) : s * chance.between(0.1F, 0.4F);
            paint_weed(canvas, scene, root, height, s * 0.008F * (0.5F + near), chance);
        }
    }
}

}  // namespace kaziranga::data::synthetic
