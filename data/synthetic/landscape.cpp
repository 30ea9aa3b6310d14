#include "data/synthetic/backdrops.hpp"
#include "data/synthetic/noise.hpp"
#include "data/synthetic/vegetation.hpp"

#include <algorithm>
#include <array>

namespace kaziranga::data::synthetic {
namespace {

bool is_wooded(Habitat habitat) {
    return habitat == Habitat::kForest || habitat == Habitat::kJungle;
}

void paint_sky(Canvas& canvas, const Scene& scene, float cover) {
    const float s = scene.side;
    const int last = std::min(canvas.side(), static_cast<int>(scene.horizon) + 1);
    const bool wooded = is_wooded(scene.habitat);
    for (int y = 0; y < last; ++y) {
        const float t = static_cast<float>(y) / std::max(scene.horizon, 1.0F);
        const Color sky = lerp(scene.look.sky_top, scene.look.sky_low, t);
        Color* row = canvas.row(y);
        for (int x = 0; x < canvas.side(); ++x) {
            const float u = static_cast<float>(x) / s, v = static_cast<float>(y) / s;
            if (wooded) {
                // Foliage: dark and bright leaves with gaps of light.
                const float n = clouds(scene.phase.x + u, scene.phase.y + v);
                const float fine = clouds(scene.phase.x + 2.7F * u, scene.phase.y + 2.7F * v);
                const Color leaves = lerp(scene.look.far, scene.look.sky_top, clamp01(0.5F + 0.8F * n));
                row[x] = lerp(leaves * (1.0F + 0.3F * fine), scene.look.sky_low * 1.25F,
                              smoothstep(0.45F, 0.9F, n + 0.4F * fine));
            } else {
                const float n = clouds(scene.phase.x + 0.55F * u, scene.phase.y + 1.3F * v);
                row[x] = lerp(sky, rgb(0xf4f4f2), 0.75F * smoothstep(0.05F, 0.75F, n + cover));
            }
        }
    }
}

/// Paints a ridge with a random skyline. @param rise  its height in pixels
void paint_ridge(Canvas& canvas, const Scene& scene, float base, float rise, float detail, float offset, Color color) {
    const float s = scene.side;
    for (int x = 0; x < canvas.side(); ++x) {
        const float u = static_cast<float>(x) / s;
        const float n =
            clouds(scene.phase.x + detail * u, offset) + 0.3F * clouds(scene.phase.x + 3 * detail * u, offset + 0.3F);
        const float top = base - rise * (0.6F + 0.5F * n);
        for (int y = std::max(0, static_cast<int>(top)); y < std::min(canvas.side(), static_cast<int>(base) + 2); ++y) {
            const float cover = clamp01(static_cast<float>(y) + 1 - top);
            const float texture = clouds(scene.phase.x + 1.5F * u, scene.phase.y + 2.5F * static_cast<float>(y) / s);
            canvas.blend(x, y, color * (1 + 0.14F * texture), cover);
        }
    }
}

void paint_distance(Canvas& canvas, const Scene& scene, Chance& chance) {
    const float s = scene.side;
    const bool steep = scene.habitat == Habitat::kMountain || (scene.habitat == Habitat::kSnow && chance.happens(0.5F));
    const int ridges = 1 + chance.below(3);
    for (int i = 0; i < ridges; ++i) {
        const float near = static_cast<float>(i + 1) / static_cast<float>(ridges);
        const Color color = lerp(scene.look.far, scene.look.sky_low, clamp01((1.1F - near) * (0.5F + scene.haze)));
        const float rise = s * (steep ? 0.3F : 0.1F) * (1.15F - 0.7F * near) * chance.factor(0.4F);
        paint_ridge(canvas, scene, scene.horizon + 1, rise, steep ? 0.5F : 0.8F * near, chance.between(0, 1), color);
    }
}

Tree tree_of(Habitat habitat, Chance& chance) {
    switch (habitat) {
        case Habitat::kSavanna:
            return Tree::kFlat;
        case Habitat::kSnow:
        case Habitat::kMountain:
            return Tree::kConifer;
        case Habitat::kForest:
            return chance.happens(0.6F) ? Tree::kTrunk : Tree::kConifer;
        case Habitat::kJungle:
            return chance.happens(0.6F) ? Tree::kBamboo : Tree::kTrunk;
        default:
            return Tree::kBroad;
    }
}

void paint_trees(Canvas& canvas, const Scene& scene, Chance& chance) {
    constexpr std::array<float, 9> kTrees = {1.2F, 12, 2.5F, 4, 0, 2.5F, 2.5F, 14, 1.5F};
    const float s = scene.side;
    const int count = static_cast<int>(kTrees[static_cast<size_t>(scene.habitat)] * chance.between(0.3F, 1.6F));
    const bool wooded = is_wooded(scene.habitat);
    for (int i = 0; i < count; ++i) {
        const float near = static_cast<float>(i + 1) / static_cast<float>(count + 1);
        const Vec root{chance.between(-0.05F, 1.05F) * s, scene.horizon + near * near * 0.1F * s};
        const float height = wooded ? s * chance.between(0.8F, 1.3F) : s * chance.between(0.1F, 0.28F) * (0.5F + near);
        const float away = (1 - near) * (0.25F + 0.6F * scene.haze);
        const Color leaves = lerp(lerp(scene.look.far, scene.look.plant, 0.35F), scene.look.sky_low, away);
        const Color bark = lerp(rgb(0x5a4a3a), scene.look.sky_low, away);
        paint_tree(canvas, tree_of(scene.habitat, chance), root, height, leaves, bark, chance);
    }
}

Color ground_color(const Scene& scene, Vec p, float depth, bool water) {
    const float s = scene.side;
    const float across = (p.x / s - 0.5F) * 0.55F / depth, away = 0.5F / depth;
    if (water) {
        const float wave = clouds(scene.phase.x + 0.2F * across, scene.phase.y + 2.5F * away);
        const Color sheen = lerp(scene.look.second, scene.look.sky_low, 0.55F * (1 - depth) + 0.15F);
        return lerp(scene.look.first, sheen, clamp01(0.5F + 0.8F * wave));
    }
    // Rotated, so that the grid of the noise does not form lines towards the vanishing point.
    const float u = scene.phase.x + 0.8F * across - 0.6F * away, v = scene.phase.y + 0.6F * across + 0.8F * away;
    const float sharp = clamp01(4.0F * depth - 0.2F);
    const float broad = clouds(0.45F * u, 0.45F * v), fine = sharp * clouds(1.9F * v, 1.9F * u);
    const Color tone = lerp(scene.look.second, scene.look.first, clamp01(0.55F + 0.6F * broad));
    return tone * (1 + 0.45F * scene.look.rough * fine);
}

void paint_ground_plane(Canvas& canvas, const Scene& scene) {
    const float s = scene.side;
    const bool water = scene.habitat == Habitat::kWetland;
    for (int y = std::max(0, static_cast<int>(scene.horizon)); y < canvas.side(); ++y) {
        const float depth = clamp01((static_cast<float>(y) - scene.horizon) / s) + 0.06F;
        const float air = scene.haze * clamp01(0.9F - 3.5F * depth);
        for (int x = 0; x < canvas.side(); ++x) {
            const Color ground = ground_color(scene, {static_cast<float>(x), static_cast<float>(y)}, depth, water);
            canvas.at(x, y) = lerp(ground, scene.look.sky_low, air);
        }
    }
}

void paint_stone(Canvas& canvas, const Scene& scene, Vec at, float size, Chance& chance) {
    const Color color = turned(lerp(rgb(0x8c8880), scene.look.second, 0.4F) * chance.factor(0.2F), chance.normal(6), 1);
    canvas.shadow(at + Vec{0, 0.4F * size}, 1.4F * size, 0.5F * size, 0.5F);
    canvas.blob(at, size, 0.65F * size, color, 0.3F, 0.08F, {chance.between(0, 1), chance.between(0, 1)});
}

void paint_flower(Canvas& canvas, Vec at, float size, Chance& chance) {
    constexpr std::array<Color, 5> kPetals = {rgb(0xf2d23c), rgb(0xf4f1ea), rgb(0xb06ad0), rgb(0xe0566a),
                                              rgb(0x6a8fe0)};
    const Color petal = kPetals[static_cast<size_t>(chance.below(5))];
    canvas.stroke(at, at, size, size, petal, petal);
    canvas.stroke(at, at, 0.4F * size, 0.4F * size, rgb(0xd9a02a), rgb(0xd9a02a));
}

float grass_height(Habitat habitat) {
    switch (habitat) {
        case Habitat::kReeds:
            return 0.42F;
        case Habitat::kMeadow:
            return 0.1F;
        case Habitat::kSavanna:
        case Habitat::kWetland:
            return 0.16F;
        default:
            return 0.09F;
    }
}

}  // namespace

void paint_landscape(Canvas& canvas, const Scene& scene, Chance& chance) {
    paint_sky(canvas, scene, chance.between(-0.7F, 0.4F));
    if (!is_wooded(scene.habitat)) paint_distance(canvas, scene, chance);
    paint_ground_plane(canvas, scene);
    paint_trees(canvas, scene, chance);
    if (scene.perch && is_wooded(scene.habitat)) return;
    // Distant grass up to the feet. The blur of the background is applied later.
    const float tall = grass_height(scene.habitat) * scene.side;
    const int tufts = static_cast<int>(scene.look.plants * 26);
    for (int i = 0; i < tufts; ++i) {
        const float near = static_cast<float>(i + 1) / static_cast<float>(tufts);
        const Vec root{chance.between(0, scene.side), lerp(scene.horizon, scene.feet, 0.9F * near) + 2};
        const Color color = lerp(scene.look.plant, scene.look.sky_low, 0.5F * scene.haze * (1 - near));
        paint_tuft(canvas, root, tall * (0.25F + 0.6F * near), scene.side * 0.003F, 5, color * 0.9F, chance);
    }
}

void paint_near_ground(Canvas& canvas, const Scene& scene, Chance& chance) {
    const float s = scene.side, ground = s - scene.horizon;
    const auto spot = [&](float t) { return Vec{chance.between(0, s), lerp(scene.horizon + 0.3F * ground, s, t)}; };
    const float stones = scene.habitat == Habitat::kMountain ? 16 : scene.habitat == Habitat::kDesert ? 6 : 2;
    for (int i = 0; i < static_cast<int>(stones * chance.between(0, 1.4F)); ++i) {
        const Vec at = spot(chance.between(0, 1));
        paint_stone(canvas, scene, at, s * chance.between(0.01F, 0.05F) * (at.y - scene.horizon) / ground, chance);
    }
    if (scene.habitat == Habitat::kWetland) return;
    const float tall = grass_height(scene.habitat) * s;
    const int tufts = static_cast<int>(scene.look.plants * 40);
    for (int i = 0; i < tufts; ++i) {
        const Vec root = spot(static_cast<float>(i + 1) / static_cast<float>(tufts));
        const float near = (root.y - scene.horizon) / ground;
        paint_tuft(canvas, root, tall * (0.3F + 0.6F * near), s * 0.0035F, 5, scene.look.plant, chance);
        if (scene.habitat == Habitat::kMeadow && chance.happens(0.35F)) {
            paint_flower(canvas, root - Vec{0, 0.5F * tall * near}, s * 0.012F * (0.4F + near), chance);
        }
    }
    if (scene.habitat != Habitat::kSnow) return;
    for (int i = 0; i < chance.below(60); ++i) {
        const Vec flake = {chance.between(0, s), chance.between(0, s)};
        canvas.stroke(flake, flake, s * 0.004F, s * 0.004F, rgb(0xf8fafc), rgb(0xf8fafc), 0.7F);
    }
}

void paint_reflection(Canvas& canvas, const Scene& scene) {
    const int line = static_cast<int>(scene.feet);
    const float s = scene.side;
    for (int y = std::max(line, 0); y < canvas.side(); ++y) {
        const float down = static_cast<float>(y - line);
        for (int x = 0; x < canvas.side(); ++x) {
            const float wave = ripples(scene.phase.x + 0.12F * static_cast<float>(x) / s,
                                       scene.phase.y + 0.9F * static_cast<float>(y) / s);
            const int from_y = line - static_cast<int>(down * 1.15F + 2.0F * wave) - 1;
            const int from_x = x + static_cast<int>(wave * (1.0F + 0.03F * down));
            if (from_y < 0 || from_x < 0 || from_x >= canvas.side()) continue;
            const float strength = 0.6F * clamp01(1.15F - down / (0.45F * s));
            canvas.blend(x, y, canvas.at(from_x, std::min(from_y, line)) * 0.85F, strength);
        }
    }
}

}  // namespace kaziranga::data::synthetic
