#include "data/synthetic/scenery.hpp"

#include "data/synthetic/backdrops.hpp"
#include "data/synthetic/vegetation.hpp"

#include <algorithm>

namespace kaziranga::data::synthetic {
namespace {

void dim_by_light(Canvas& canvas, const Scene& scene) {
    const Color light = scene.light.sky * 0.9F + scene.light.sun * 0.62F;
    for (int y = 0; y < canvas.side(); ++y) {
        Color* row = canvas.row(y);
        for (int x = 0; x < canvas.side(); ++x) row[x] = row[x] * light;
    }
}

}  // namespace

void paint_background(Canvas& canvas, const Scene& scene, Chance& chance) {
    switch (scene.look.view) {
        case View::kSide:
            paint_landscape(canvas, scene, chance);
            break;
        case View::kWater:
            paint_water(canvas, scene, chance);
            break;
        case View::kAbove:
            paint_ground(canvas, scene, chance);
            break;
    }
    canvas.blur(scene.blur);
    if (scene.look.view == View::kSide && !scene.perch) paint_near_ground(canvas, scene, chance);
    dim_by_light(canvas, scene);
}

void paint_contact(Canvas& canvas, const Scene& scene, const Box& box, Chance& chance) {
    const float width = box.high.x - box.low.x, strength = 0.3F + 0.4F * luminance(scene.light.sun);
    const Vec middle = lerp(box.low, box.high, 0.5F);
    if (scene.look.view == View::kWater) return;
    if (scene.look.view == View::kAbove) {
        const Vec away{-scene.light.x * 0.06F * width, -scene.light.y * 0.06F * width};
        canvas.shadow(middle + away, 0.55F * width, 0.55F * (box.high.y - box.low.y), 0.55F * strength);
        return;
    }
    if (scene.perch) {
        paint_perch(canvas, scene, chance);
        return;
    }
    const float lean = -scene.light.x * 0.25F * width;
    canvas.shadow({middle.x + lean, scene.feet + 0.01F * width}, 0.62F * width, 0.11F * width, strength);
    canvas.shadow({middle.x, scene.feet}, 0.42F * width, 0.05F * width, strength);
}

void paint_foreground(Canvas& canvas, const Scene& scene, const Box& box, Chance& chance) {
    const float brightness = std::min(1.1F, luminance(scene.light.sky) * 0.8F + 0.55F * luminance(scene.light.sun));
    if (scene.habitat == Habitat::kWetland && !scene.perch) paint_reflection(canvas, scene);
    switch (scene.look.view) {
        case View::kSide:
            paint_front_plants(canvas, scene, box, brightness, chance);
            break;
        case View::kWater:
            paint_front_water(canvas, scene, brightness, chance);
            break;
        case View::kAbove:
            paint_front_litter(canvas, scene, box, brightness, chance);
            break;
    }
}

}  // namespace kaziranga::data::synthetic
