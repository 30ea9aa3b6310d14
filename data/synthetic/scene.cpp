#include "data/synthetic/scene.hpp"

#include <algorithm>
#include <cmath>

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

}  // namespace kaziranga::data::synthetic
