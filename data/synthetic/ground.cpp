#include "data/synthetic/backdrops.hpp"
#include "data/synthetic/noise.hpp"
#include "data/synthetic/vegetation.hpp"

namespace kaziranga::data::synthetic {
namespace {

/// Returns the height of the ground at a point, about -1 to 1, which gives each material its relief.
float ground_relief(const Scene& scene, Vec turn, float u, float v) {
    const float a = scene.phase.x + turn.x * u - turn.y * v, b = scene.phase.y + turn.y * u + turn.x * v;
    switch (scene.habitat) {
        case Habitat::kBark: {
            const float ridge = clouds(1.6F * a, 0.35F * b);
            return 1.0F - 2.2F * std::abs(ridge) + 0.4F * clouds(3.0F * a, 1.2F * b);
        }
        case Habitat::kSand:
            return 0.45F * std::sin(46.0F * (a + 0.06F * clouds(a, b))) + 0.35F * ripples(1.6F * a, 1.6F * b) +
                   0.4F * clouds(0.6F * a, 0.6F * b);
        case Habitat::kRock: {
            const float crack = std::abs(clouds(0.7F * a + 0.3F, 0.7F * b));
            return 0.9F * clouds(a, b) + 0.5F * clouds(2.6F * a, 2.6F * b) - (crack < 0.04F ? 0.9F : 0.0F);
        }
        case Habitat::kMoss:
            return 0.6F * clouds(1.3F * a, 1.3F * b) + 0.7F * ripples(a, b);
        case Habitat::kLeaf:
            return 0.35F * clouds(0.6F * a, 0.6F * b);
        default:
            return clouds(1.1F * a, 1.1F * b) + 0.4F * clouds(3.1F * a, 3.1F * b);
    }
}

void paint_leaf_veins(Canvas& canvas, const Scene& scene, Vec turn) {
    const float s = scene.side;
    const Color vein = lerp(scene.look.plant, rgb(0xd8e0a0), 0.3F);
    const Vec middle = Vec{0.5F, 0.5F} * s + Vec{-turn.y, turn.x} * ((scene.phase.x - 0.5F) * 0.5F * s);
    canvas.stroke(middle - turn * (1.2F * s), middle + turn * (1.2F * s), 0.012F * s, 0.01F * s, vein, vein, 0.8F);
    for (int i = -9; i <= 9; ++i) {
        const Vec from = middle + turn * (0.13F * s * static_cast<float>(i));
        for (const float hand : {-1.0F, 1.0F}) {
            const Vec out = from + turn * (0.5F * s) + Vec{-turn.y, turn.x} * (hand * 0.8F * s);
            canvas.stroke(from, out, 0.005F * s, 0.002F * s, vein, vein, 0.55F);
        }
    }
}

void scatter(Canvas& canvas, const Scene& scene, Chance& chance) {
    const float s = scene.side;
    const auto spot = [&] { return Vec{chance.between(0, s), chance.between(0, s)}; };
    const auto tone = [&](Color c) {
        return turned(clamped(c * chance.factor(0.35F)), chance.normal(14), chance.factor(0.3F));
    };
    const int leaves = scene.habitat == Habitat::kLitter ? 60
                       : scene.habitat == Habitat::kLeaf ? 0
                                                         : static_cast<int>(12 * scene.look.plants);
    for (int i = 0; i < leaves; ++i) {
        const Vec at = spot(), tip = at + direction(chance.between(0, 360)) * (s * chance.between(0.06F, 0.2F));
        const float width = s * chance.between(0.012F, 0.04F);
        canvas.shadow(lerp(at, tip, 0.5F) + Vec{2, 3}, 0.6F * length(tip - at), 1.6F * width, 0.35F);
        canvas.leaf(at, tip, width, tone(scene.look.plant));
    }
    const int stones =
        scene.habitat == Habitat::kSand || scene.habitat == Habitat::kRock || scene.habitat == Habitat::kRedSoil
            ? chance.below(16)
            : 0;
    for (int i = 0; i < stones; ++i) {
        const Vec at = spot();
        const float r = s * chance.between(0.008F, 0.045F);
        canvas.shadow(at + Vec{0.3F, 0.4F} * r, 1.3F * r, 1.2F * r, 0.5F);
        canvas.blob(at, r, 0.8F * r, tone(lerp(scene.look.first, rgb(0x8a8580), 0.6F)), 0.25F, 0.1F,
                    {chance.between(0, 1), chance.between(0, 1)});
    }
    const int twigs = scene.habitat == Habitat::kLeaf ? 0 : chance.below(7);
    for (int i = 0; i < twigs; ++i) {
        const Vec at = spot(), tip = at + direction(chance.between(0, 360)) * (s * chance.between(0.1F, 0.5F));
        const Color wood = tone(rgb(0x6a543c));
        canvas.stroke(at + Vec{1, 2}, tip + Vec{1, 2}, 0.007F * s, 0.004F * s, {}, {}, 0.3F);
        canvas.stroke(at, tip, 0.006F * s, 0.003F * s, wood, wood * 1.2F);
    }
}

}  // namespace

void paint_ground(Canvas& canvas, const Scene& scene, Chance& chance) {
    const float s = scene.side, zoom = chance.between(0.7F, 1.4F);
    const Vec turn = direction(scene.habitat == Habitat::kBark ? chance.normal(20) : chance.between(0, 360));
    const float step = 1.5F / s;
    for (int y = 0; y < canvas.side(); ++y) {
        const float v = zoom * static_cast<float>(y) / s;
        float left = ground_relief(scene, turn, -step * zoom, v);
        for (int x = 0; x < canvas.side(); ++x) {
            const float u = zoom * static_cast<float>(x) / s;
            const float here = ground_relief(scene, turn, u, v);
            const float slope = here - left;
            left = here;
            const Color tone = lerp(scene.look.second, scene.look.first, clamp01(0.55F + 0.45F * here));
            const float light = 1 + (scene.light.x < 0 ? 1.0F : -1.0F) * slope * 1.4F * scene.look.rough;
            canvas.at(x, y) = tone * std::min(std::max(light, 0.5F), 1.5F);
        }
    }
    if (scene.habitat == Habitat::kLeaf) paint_leaf_veins(canvas, scene, turn);
    scatter(canvas, scene, chance);
}

}  // namespace kaziranga::data::synthetic
