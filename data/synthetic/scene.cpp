#include "data/synthetic/scene.hpp"

#include "data/synthetic/backdrops.hpp"
#include "data/synthetic/vegetation.hpp"

namespace kaziranga::data::synthetic {
namespace {

Light make_light(const Domain& domain, View view, Chance& chance) {
    Light light;
    const bool dusk = chance.happens(domain.dusk);
    const bool overcast = chance.happens(0.3F);
    const Vec around = direction(view == View::kSide ? chance.between(35.0F, 145.0F) : chance.between(0.0F, 360.0F));
    const float low = dusk ? 0.35F : 0.7F;
    const float nx = around.x, ny = view == View::kSide ? -around.y * low : -around.y, nz = chance.between(0.5F, 1.1F);
    const float inverse = 1.0F / std::sqrt(nx * nx + ny * ny + nz * nz);
    light.x = nx * inverse;
    light.y = ny * inverse;
    light.z = nz * inverse;
    const float strength = overcast ? chance.between(0.2F, 0.4F) : chance.between(0.6F, 0.95F);
    light.sun = (dusk ? Color{1.05F, 0.8F, 0.55F} : Color{1.0F, 0.97F, 0.9F}) * strength;
    light.sky = (dusk ? Color{0.42F, 0.42F, 0.52F} : Color{0.5F, 0.53F, 0.57F}) * (overcast ? 1.35F : 1.0F);
    if (chance.happens(domain.flash)) {
        light.x = light.y = 0.05F;
        light.z = 0.997F;
        light.sun = {0.85F, 0.85F, 0.8F};
        light.sky = light.sky * 0.75F;
    }
    return light;
}

HabitatLook varied(HabitatLook look, Chance& chance) {
    for (Color* color : {&look.sky_top, &look.sky_low, &look.far, &look.first, &look.second, &look.plant}) {
        *color = turned(clamped(*color * chance.factor(0.15F)), chance.normal(7.0F), chance.factor(0.2F));
    }
    look.plants *= chance.between(0.4F, 1.3F);
    return look;
}

void dim_by_light(Canvas& canvas, const Scene& scene) {
    const Color light = scene.light.sky * 0.9F + scene.light.sun * 0.62F;
    for (int y = 0; y < canvas.side(); ++y) {
        Color* row = canvas.row(y);
        for (int x = 0; x < canvas.side(); ++x) row[x] = row[x] * light;
    }
}

}  // namespace

Scene make_scene(const SpeciesTraits& traits, Habitat habitat, bool perch, float side, float feet, Chance& chance) {
    Scene scene;
    scene.habitat = habitat;
    scene.look = varied(look_of(habitat), chance);
    scene.side = side;
    scene.feet = feet;
    scene.perch = perch;
    scene.horizon = std::min(side * chance.between(0.22F, 0.6F), feet - 0.12F * side);
    if (perch) scene.horizon = side * chance.between(0.3F, 1.2F);
    scene.blur = side / 256.0F * (perch ? chance.between(2.0F, 5.0F) : chance.between(0.3F, 2.2F));
    scene.haze = traits.domain.haze * chance.between(0.5F, 1.6F);
    scene.phase = {chance.between(0, 1), chance.between(0, 1)};
    scene.light = make_light(traits.domain, scene.look.view, chance);
    const Color bounce = lerp(scene.look.first, scene.look.second, 0.5F);
    scene.light.ground = bounce * (0.1F + 0.22F * luminance(scene.light.sun));
    return scene;
}

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
