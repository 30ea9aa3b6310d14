#include "data/synthetic/vegetation.hpp"

namespace kaziranga::data::synthetic {
namespace {

Color shaded(Color color, Chance& chance, float spread) {
    return turned(clamped(color * chance.factor(spread)), chance.normal(8.0F), 1.0F);
}

void paint_crown(Canvas& canvas, Vec center, float rx, float ry, Color leaves, int clumps, Chance& chance) {
    for (int i = 0; i < clumps; ++i) {
        const Vec off = direction(chance.between(0, 360)) * std::sqrt(chance.between(0, 1));
        const Vec at = center + Vec{off.x * rx * 0.75F, off.y * ry * 0.75F};
        const Color color = shaded(leaves, chance, 0.2F) * (1.0F - 0.25F * off.y);
        canvas.blob(at, 0.42F * rx, 0.42F * ry, color, 0.45F, 0.12F, {chance.between(0, 1), chance.between(0, 1)});
    }
}

}  // namespace

void paint_blade(Canvas& canvas, Vec root, float height, float lean, float width, Color color) {
    const Vec middle = root + Vec{0.35F * lean * height, -0.6F * height};
    const Vec tip = root + Vec{lean * height, -height};
    canvas.stroke(root, middle, width, 0.8F * width, color * 0.55F, color);
    canvas.stroke(middle, tip, 0.8F * width, 0.15F * width, color, color * 1.2F);
}

void paint_tuft(Canvas& canvas, Vec root, float height, float width, int blades, Color color, Chance& chance) {
    for (int i = 0; i < blades; ++i) {
        const Vec at = root + Vec{chance.normal(0.22F) * height, chance.between(0, 0.06F) * height};
        paint_blade(canvas, at, height * chance.between(0.5F, 1.1F), chance.normal(0.3F), width * chance.factor(0.3F),
                    clamped(shaded(color, chance, 0.25F)));
    }
}

void paint_tree(Canvas& canvas, Tree kind, Vec root, float height, Color leaves, Color bark, Chance& chance) {
    const Vec top = root + Vec{chance.normal(0.06F) * height, -height};
    const float w = height * (kind == Tree::kTrunk ? 0.035F : 0.028F) * chance.factor(0.4F);
    switch (kind) {
        case Tree::kConifer:
            canvas.stroke(root, top, w, 0.3F * w, bark * 0.7F, bark);
            for (int i = 0; i < 7; ++i) {
                const float t = 0.15F + 0.12F * static_cast<float>(i);
                const float wide = height * (0.26F * (1.05F - t));
                const Color color = shaded(leaves, chance, 0.15F);
                canvas.blob(lerp(root, top, t), wide, 0.09F * height, color, 0.5F, 0.15F, {chance.between(0, 1), t});
            }
            break;
        case Tree::kFlat: {
            const Vec fork = lerp(root, top, 0.55F);
            canvas.stroke(root, fork, w, 0.8F * w, bark * 0.6F, bark * 0.8F);
            for (const float s : {-1.0F, -0.3F, 0.5F, 1.1F}) {
                canvas.stroke(fork, top + Vec{s * 0.28F * height, 0.1F * height}, 0.6F * w, 0.3F * w, bark * 0.7F,
                              bark * 0.6F);
            }
            paint_crown(canvas, top + Vec{0, 0.05F * height}, 0.6F * height, 0.14F * height, leaves, 12, chance);
            break;
        }
        case Tree::kBroad:
            canvas.stroke(root, lerp(root, top, 0.6F), w, 0.6F * w, bark * 0.6F, bark * 0.8F);
            paint_crown(canvas, lerp(root, top, 0.72F), 0.38F * height, 0.34F * height, leaves, 14, chance);
            break;
        case Tree::kBamboo: {
            const Color stalk = shaded(lerp(leaves, rgb(0xa8a850), 0.5F), chance, 0.2F);
            const float step = 0.09F * height;
            for (float y = 0; y < height; y += step) {
                const Vec a = lerp(root, top, y / height), b = lerp(root, top, (y + 0.96F * step) / height);
                canvas.stroke(a, b, 0.5F * w, 0.5F * w, stalk * 0.75F, stalk);
            }
            break;
        }
        case Tree::kTrunk: {
            canvas.stroke(root, top, 1.4F * w, w, bark * 0.55F, bark * 0.8F);
            const Vec lit{-0.5F * w, 0};
            canvas.stroke(root + lit, top + lit, 0.5F * w, 0.4F * w, bark, bark * 1.1F, 0.6F);
            break;
        }
    }
}

void paint_perch(Canvas& canvas, const Scene& scene, Chance& chance) {
    const float s = scene.side, w = s * chance.between(0.014F, 0.035F), tilt = chance.normal(0.09F) * s;
    const Color bark = shaded(rgb(0x6b5642), chance, 0.3F) * 0.9F;
    const float y = scene.feet + w;
    Vec from{-10, y - tilt};
    constexpr int kPieces = 8;
    for (int i = 1; i <= kPieces; ++i) {
        const float t = static_cast<float>(i) / kPieces;
        const Vec to{lerp(-10.0F, s + 10, t), y - tilt + 2 * tilt * t + chance.normal(0.004F) * s};
        canvas.stroke(from, to, w, w * 0.97F, bark * 0.6F, bark * 0.62F);
        canvas.stroke(from - Vec{0, 0.35F * w}, to - Vec{0, 0.35F * w}, 0.5F * w, 0.5F * w, bark, bark, 0.8F);
        if (chance.happens(0.45F)) {
            const Vec twig = to + Vec{chance.normal(0.1F), chance.sign() * chance.between(0.06F, 0.2F)} * s;
            canvas.stroke(to, twig, 0.35F * w, 0.15F * w, bark * 0.7F, bark * 0.8F);
            canvas.leaf(twig, twig + direction(chance.between(0, 360)) * (0.08F * s), 0.02F * s,
                        shaded(scene.look.plant, chance, 0.2F));
        }
        from = to;
    }
}

void paint_front_plants(Canvas& canvas, const Scene& scene, const Box& box, float brightness, Chance& chance) {
    const float s = scene.side, width = box.high.x - box.low.x;
    const Color plant = scene.look.plant * brightness;
    const int tufts = scene.perch ? 0 : static_cast<int>(scene.look.plants * chance.between(2.0F, 12.0F));
    const float tall = scene.habitat == Habitat::kReeds ? 0.24F : 0.12F;
    for (int i = 0; i < tufts; ++i) {
        const Vec root{chance.between(box.low.x - 0.3F * width, box.high.x + 0.3F * width),
                       scene.feet + s * chance.between(0.0F, 0.12F)};
        paint_tuft(canvas, root, s * tall * chance.between(0.5F, 1.2F), s * 0.005F, 7, plant, chance);
    }
    const bool leafy = scene.habitat == Habitat::kForest || scene.habitat == Habitat::kJungle || scene.perch;
    if (!leafy || !chance.happens(0.55F)) return;
    const Vec stem{chance.happens(0.5F) ? -0.02F * s : 1.02F * s, chance.between(0.0F, 1.0F) * s};
    const Vec inward = normalised(Vec{0.5F * s, 0.5F * s} - stem);
    for (int i = 0; i < 6; ++i) {
        const Vec at = stem + inward * (s * 0.05F * static_cast<float>(i));
        const float turn = chance.between(-70.0F, 70.0F);
        const Vec d = direction(turn);
        const Vec out{inward.x * d.x - inward.y * d.y, inward.x * d.y + inward.y * d.x};
        canvas.leaf(at, at + out * (s * chance.between(0.1F, 0.2F)), s * chance.between(0.02F, 0.045F),
                    shaded(plant, chance, 0.25F));
    }
}

void paint_front_water(Canvas& canvas, const Scene& scene, float brightness, Chance& chance) {
    const float s = scene.side;
    const int specks = static_cast<int>(chance.between(4.0F, 30.0F) * (1 + 3 * scene.haze));
    for (int i = 0; i < specks; ++i) {
        const Vec at{chance.between(0, s), chance.between(0, s)};
        const float r = s * 0.003F * chance.between(0.5F, 1.6F);
        canvas.stroke(at, at, r, r, rgb(0xe8f4f4) * brightness, rgb(0xe8f4f4) * brightness, 0.35F);
    }
    if (!chance.happens(0.5F * scene.look.plants)) return;
    const float x = chance.between(0.0F, s);
    for (int i = 0; i < 4; ++i) {
        paint_blade(canvas, {x + chance.normal(0.06F) * s, s * 1.02F}, s * chance.between(0.2F, 0.7F),
                    chance.normal(0.25F), s * chance.between(0.006F, 0.018F),
                    shaded(scene.look.plant, chance, 0.2F) * (0.7F * brightness));
    }
}

void paint_front_litter(Canvas& canvas, const Scene& scene, const Box& box, float brightness, Chance& chance) {
    const float s = scene.side;
    const Color plant = scene.look.plant * brightness;
    const int pieces = static_cast<int>(scene.look.plants * chance.between(0.0F, 5.0F));
    for (int i = 0; i < pieces; ++i) {
        const Vec at{chance.between(box.low.x, box.high.x), chance.between(box.low.y, box.high.y)};
        const Vec tip = at + direction(chance.between(0, 360)) * (s * chance.between(0.1F, 0.3F));
        if (scene.habitat == Habitat::kLitter) {
            canvas.leaf(at, tip, s * chance.between(0.015F, 0.04F), shaded(plant, chance, 0.3F));
        } else {
            canvas.stroke(at, tip, s * 0.006F, s * 0.003F, shaded(plant, chance, 0.3F), plant);
        }
    }
}

}  // namespace kaziranga::data::synthetic
