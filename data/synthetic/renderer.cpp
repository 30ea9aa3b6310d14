#include "data/synthetic/renderer.hpp"

#include "data/synthetic/archetypes.hpp"
#include "data/synthetic/camera.hpp"
#include "data/synthetic/plans/plans.hpp"
#include "data/synthetic/scenery.hpp"

#include <algorithm>

#include <opencv2/core/mat.hpp>

namespace kaziranga::data::synthetic {
namespace {

constexpr uint64_t kImageCounter = 3;

/// Returns the traits of one animal: those of the species with individual deviations.
SpeciesTraits individual(const SpeciesTraits& species, Chance& chance) {
    SpeciesTraits own = species;
    Proportions& p = own.proportions;
    for (float Proportions::* part :
         {&Proportions::leg, &Proportions::depth, &Proportions::neck, &Proportions::head, &Proportions::snout,
          &Proportions::tail, &Proportions::ear, &Proportions::crest, &Proportions::fin}) {
        p.*part *= 1 + chance.normal(0.05F);
    }
    p.horn *= std::max(0.25F, 1 + chance.normal(0.2F));
    Coat& coat = own.coat;
    const float shade = 1 + chance.normal(0.08F), hue = chance.normal(4.0F);
    for (Color* color : {&coat.base, &coat.mark, &coat.belly, &coat.limb}) {
        *color = turned(clamped(*color * shade), hue, chance.factor(0.1F));
    }
    coat.frequency *= 1 + chance.normal(0.06F);
    coat.duty = std::min(std::max(coat.duty + chance.normal(0.03F), 0.1F), 0.85F);
    coat.slant += chance.normal(0.1F);
    return own;
}

/// Places the figure in the picture: large, near the middle, sometimes cropped.
Placement place(const Figure& figure, View view, float side, Chance& chance) {
    const Box box = bounds(figure);
    const float squash = view == View::kSide ? chance.between(0.8F, 1.0F) : 1.0F;
    const float turn = view == View::kAbove   ? chance.between(0, 360)
                       : view == View::kWater ? chance.normal(12)
                                              : chance.normal(2);
    const float mirror = chance.sign();
    const Vec axis = direction(turn);
    Placement placement;
    placement.ex = Vec{axis.x * mirror, -axis.y * mirror} * squash;
    placement.ey = Vec{-axis.y, -axis.x};
    Vec low{1e9F, 1e9F}, high{-1e9F, -1e9F};
    for (const Vec corner : {box.low, box.high, Vec{box.low.x, box.high.y}, Vec{box.high.x, box.low.y}}) {
        const Vec p = placement.to_pixels(corner);
        low = {std::min(low.x, p.x), std::min(low.y, p.y)};
        high = {std::max(high.x, p.x), std::max(high.y, p.y)};
    }
    const float longest = std::max(high.x - low.x, high.y - low.y);
    const float scale = side * chance.between(0.55F, 0.98F) / longest;
    placement.ex = placement.ex * scale;
    placement.ey = placement.ey * scale;
    placement.scale = scale;
    const Vec middle = lerp(low, high, 0.5F) * scale;
    const Vec spare{std::max(0.0F, side - (high.x - low.x) * scale), std::max(0.0F, side - (high.y - low.y) * scale)};
    const float down = view == View::kSide ? chance.between(0.0F, 0.3F) : chance.between(-0.35F, 0.35F);
    placement.origin =
        Vec{0.5F * side, 0.5F * side} - middle + Vec{spare.x * chance.between(-0.4F, 0.4F), spare.y * down};
    return placement;
}

Box box_in_pixels(const Figure& figure, const Placement& placement) {
    const Box box = bounds(figure);
    Box result{{1e9F, 1e9F}, {-1e9F, -1e9F}};
    for (const Vec corner : {box.low, box.high, Vec{box.low.x, box.high.y}, Vec{box.high.x, box.low.y}}) {
        const Vec p = placement.to_pixels(corner);
        result.low = {std::min(result.low.x, p.x), std::min(result.low.y, p.y)};
        result.high = {std::max(result.high.x, p.x), std::max(result.high.y, p.y)};
    }
    return result;
}

}  // namespace

cv::Mat draw_animal(const SpeciesTraits& traits, int64_t index, int64_t size) {
    Chance chance(core::RandomStream(traits.seed, core::Purpose::kSynthetic,
                                     {park_number(traits.park), kImageCounter, static_cast<uint64_t>(traits.species),
                                      static_cast<uint64_t>(index)}));
    const auto side = static_cast<float>(size);
    const SpeciesTraits own = individual(traits, chance);
    const auto habitat = static_cast<Habitat>(chance.pick(own.habitats));
    const Figure figure = build_figure(own, chance);
    const Placement placement = place(figure, view_of(own.plan), side, chance);
    const Box box = box_in_pixels(figure, placement);
    const Scene scene = make_scene(own, habitat, figure.perched, side, placement.to_pixels({0.3F, 0}).y, chance);

    Canvas canvas(static_cast<int>(size));
    paint_background(canvas, scene, chance);
    paint_contact(canvas, scene, box, chance);
    const Vec phase{chance.between(0, 1), chance.between(0, 1)};
    const CoatPainter coat(own.coat, own.plan, phase, static_cast<uint32_t>(chance.below(1 << 30)),
                           1.0F / placement.scale);
    paint_figure(canvas, figure, placement, coat, scene.light);
    paint_foreground(canvas, scene, box, chance);
    return take_picture(canvas, own.domain, chance);
}

}  // namespace kaziranga::data::synthetic
