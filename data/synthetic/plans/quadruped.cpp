#include "data/synthetic/plans/plans.hpp"

namespace kaziranga::data::synthetic {
namespace {

struct Trunk {
    Vec rump, middle, chest, withers;
    float depth;
};

struct Skull {
    Vec center;
    Vec forward;  ///< towards the nose
    Vec up;
    float radius;
};

Trunk trunk_of(const Proportions& p) {
    const float y = p.leg + 0.36F * p.depth;
    return {{0.06F, y + 0.02F}, {0.45F, y - 0.02F}, {0.84F, y}, {0.9F, y + 0.2F * p.depth}, p.depth};
}

void add_trunk(Layer& layer, const Trunk& t, const Proportions& p, float fat) {
    const float d = t.depth;
    // Long-legged animals have a high belly behind the ribs; heavy animals have a low belly.
    const float tuck = smoothstep(0.42F, 0.62F, p.leg) * 0.07F * d;
    add_tube(layer,
             {{t.rump + Vec{0, 0.02F * d}, 0.38F * d},
              {{0.2F, t.middle.y + 0.1F * d}, 0.42F * d * fat - 0.3F * tuck},
              {t.middle + Vec{0, 0.03F * d + tuck}, 0.45F * d * fat - tuck},
              {{0.66F, t.middle.y - 0.01F * d}, 0.48F * d},
              {t.chest + Vec{0, -0.03F * d}, 0.45F * d},
              {{0.94F, t.chest.y + 0.06F * d}, 0.34F * d}},
             {.material = Material::kCoat, .samples = 4});
    if (p.hump > 0.01F) {
        add_tube(layer,
                 {{{0.6F, t.chest.y + 0.22F * d}, 0.2F * d}, {{0.8F, t.chest.y + 0.24F * d + p.hump}, 0.22F * d}},
                 {.material = Material::kCoat, .u0 = 0.6F, .samples = 3});
    }
}

/// Adds a leg of thigh, shank and foot. `bend` is the distance of the middle joint from the straight line, backwards if
/// positive.
void add_leg(Figure& figure, Layer& layer, Vec hip, float swing, float bend, const Proportions& p, float thigh,
             float bulge) {
    const float w = p.leg_width;
    const float reach = hip.y;
    const Vec foot{hip.x + reach * std::sin(swing), std::max(0.0F, reach * (1 - std::cos(swing)) * 0.8F) + 0.6F * w};
    const Vec knee = lerp(hip, foot, 0.45F) + Vec{bend * 0.45F, 0.02F};
    const Vec hock = lerp(hip, foot, 0.72F) - Vec{bend, 0};
    add_tube(layer,
             {{hip, thigh},
              {knee, std::max(1.15F * w, 0.5F * thigh)},
              {hock, 0.95F * w},
              {foot + Vec{0, 0.05F}, 0.68F * w},
              {foot + Vec{0.1F * w, 0.0F}, 0.72F * w},
              {foot + Vec{0.7F * w, -0.1F * w}, 0.52F * w}},
             {.material = Material::kLimb, .bulge = bulge, .samples = 3});
    figure.feet.push_back({foot.x, 0});
}

void add_legs(Figure& figure, Layer& layer, const Trunk& t, const Proportions& p, float stride, bool near) {
    const float side = near ? 1.0F : -1.0F;
    const float bulge = near ? 1.22F : 1.0F;
    const float drop = 0.12F * t.depth;
    add_leg(figure, layer, {t.rump.x + 0.02F, t.rump.y - drop}, stride * side, 0.085F, p, 0.36F * t.depth, bulge);
    add_leg(figure, layer, {t.chest.x + 0.02F, t.chest.y - 1.4F * drop}, -stride * side * 0.9F, -0.02F, p,
            0.29F * t.depth, bulge);
}

void add_tail(Layer& layer, const Trunk& t, const Proportions& p, float sway) {
    const Vec root = t.rump + Vec{-0.4F * t.depth, 0.2F * t.depth};
    const float w = p.tail_width;
    const Vec drop{-0.35F * p.tail + sway * 0.3F * p.tail, -0.75F * p.tail};
    const Vec end = root + drop + Vec{sway * 0.35F * p.tail, std::max(sway, 0.0F) * 0.4F * p.tail};
    add_tube(layer,
             {{root + Vec{0.08F, -0.02F}, 1.2F * w},
              {root + Vec{-0.14F * p.tail, -0.12F * p.tail}, w},
              {lerp(root, end, 0.6F) + Vec{-0.08F * p.tail, 0}, 1.1F * w},
              {end, w > 0.055F ? 0.35F * w : 0.9F * w}},
             {.material = Material::kTail, .samples = 4});
}

Skull add_head(Layer& layer, const Trunk& t, const Proportions& p, float neck_angle, float nod) {
    const Vec base = t.withers + Vec{0.05F, -0.12F * t.depth};
    const Vec lift = direction(neck_angle);
    const Vec center = base + lift * (p.neck + 0.3F * p.head) + Vec{0.05F, 0};
    const Vec forward = direction(nod);
    const float root = 0.36F * t.depth, top = std::max(0.78F * p.head, 0.17F * t.depth);
    add_tube(layer,
             {{base - lift * 0.12F, root}, {base + lift * (0.45F * p.neck), lerp(root, top, 0.55F)}, {center, top}},
             {.material = Material::kCoat, .u0 = 0.95F, .samples = 4});
    const Vec tip = center + forward * (p.head * 0.55F + p.snout);
    add_tube(layer,
             {{center, p.head},
              {center + forward * (0.5F * p.head + 0.35F * p.snout) + Vec{0, -0.12F * p.head}, 0.74F * p.head},
              {tip + Vec{0, -0.1F * p.head}, 0.46F * p.head}},
             {.material = Material::kHead, .bulge = 1.2F, .samples = 4});
    return {center, forward, {-forward.y, forward.x}, p.head};
}

void add_ear(Layer& layer, const Skull& s, const Proportions& p, float turn) {
    const Vec base = s.center + s.up * (0.65F * s.radius) - s.forward * (0.35F * s.radius);
    const Vec tip = base + (s.up * 0.9F - s.forward * (0.45F + turn)) * p.ear;
    Plate ear = leaf(base, tip, std::min(0.42F * p.ear, 0.55F * s.radius), Material::kHead);
    ear.lift = 0.03F;
    layer.plates.push_back(ear);
}

void add_antler(Layer& layer, Vec root, const Skull& s, float h) {
    const Vec back = s.up * 0.85F - s.forward * 0.5F;
    const Vec top = root + back * h + s.forward * (0.25F * h);
    const Vec bend = root + back * (0.55F * h) - s.forward * (0.08F * h);
    const float w = 0.022F + 0.015F * h;
    const TubeLook look{.material = Material::kHorn, .samples = 3};
    add_tube(layer, {{root, w}, {bend, 0.8F * w}, {top, 0.35F * w}}, look);
    for (const float at : {0.25F, 0.55F, 0.78F}) {
        const Vec from = lerp(lerp(root, bend, at), lerp(bend, top, at), at);
        add_tube(layer, {{from, 0.7F * w}, {from + s.forward * (0.2F * h) + s.up * (0.16F * h), 0.3F * w}}, look);
    }
}

void add_horn(Layer& layer, const Skull& s, const SpeciesTraits& traits, float spread) {
    const float h = traits.proportions.horn, curve = traits.proportions.hook, w = 0.24F * s.radius + 0.03F * h;
    const Vec root = s.center + s.up * (0.8F * s.radius) + s.forward * (0.1F + spread) * s.radius;
    const Vec nose = s.center + s.forward * (0.5F * s.radius + 0.85F * traits.proportions.snout);
    const TubeLook look{.material = Material::kHorn, .samples = 5};
    const auto arc = [&](Vec from, Vec rise, Vec lean) {
        add_tube(layer, {{from, w}, {from + rise * 0.55F, 0.75F * w}, {from + rise + lean, 0.2F * w}}, look);
    };
    switch (traits.horn) {
        case Horn::kNone:
            break;
        case Horn::kSpike:
            add_tube(layer, {{root, 0.8F * w}, {root + s.up * h, 0.9F * w}}, look);
            break;
        case Horn::kBack:
            arc(root, (s.up * 0.8F - s.forward * 0.5F) * h, (s.up * -0.7F - s.forward * 0.6F) * (h * 0.7F * curve));
            break;
        case Horn::kLyre:
            arc(root, (s.up - s.forward * (0.4F + curve * 0.5F)) * h,
                (s.up * 0.3F + s.forward * (2 * curve)) * (0.5F * h));
            break;
        case Horn::kAntler:
            add_antler(layer, root, s, h);
            break;
        case Horn::kNose:
            arc(nose + s.up * (0.2F * s.radius), (s.up + s.forward * 0.3F) * h,
                (s.up * 0.2F - s.forward) * (h * curve));
            break;
        case Horn::kTusk:
            add_tube(
                layer,
                {{nose - s.up * (0.3F * s.radius), 0.5F * w}, {nose + (s.up * 0.5F + s.forward * 0.7F) * h, 0.2F * w}},
                look);
            break;
    }
}

void add_mane(Layer& layer, const Trunk& t, const Skull& s, const Proportions& p) {
    const Vec from = t.withers + Vec{-0.08F, 0.12F * t.depth};
    const Vec to = s.center + s.up * s.radius - s.forward * (0.3F * s.radius);
    const float w = p.crest;
    add_tube(layer, {{from, 0.5F * w}, {lerp(from, to, 0.5F) + Vec{-0.04F, 0.02F}, w}, {to, 0.8F * w}},
             {.material = Material::kTail, .bulge = 1.3F, .samples = 4});
}

void add_face(Figure& figure, const Skull& s, const SpeciesTraits& traits) {
    const float r = s.radius;
    const Proportions& p = traits.proportions;
    const Vec nose = s.center + s.forward * (0.62F * r + p.snout + 0.3F * r) - s.up * (0.02F * r);
    const Vec lips = nose - s.up * (0.3F * r) - s.forward * (0.1F * r);
    add_eye(figure, s.center + s.forward * (0.42F * r) + s.up * (0.28F * r), 0.13F * r, traits.coat.eye, 1);
    figure.marks.push_back({nose, nose - s.forward * (0.1F * r), 0.15F * r, 0.1F * r, rgb(0x1c1715), 1});
    figure.marks.push_back({lips, lips - s.forward * (0.6F * r + 0.2F * p.snout) - s.up * (0.08F * r), 0.025F * r,
                            0.04F * r, rgb(0x241a16), 1});
}

}  // namespace

Figure build_quadruped(const SpeciesTraits& traits, Chance& pose) {
    const Proportions& p = traits.proportions;
    Figure figure;
    figure.layers.resize(3);
    Layer& far = figure.layers[0];
    Layer& body = figure.layers[1];
    Layer& near = figure.layers[2];
    far.light = 0.7F;
    far.shag = body.shag = 0.008F;
    body.melt = 0.04F;
    const Trunk trunk = trunk_of(p);
    const float stride = pose.normal(0.3F);
    const bool grazing = p.neck > 0.2F && pose.happens(0.16F);
    const float angle = grazing ? pose.between(-50.0F, -25.0F) : p.neck_angle + pose.normal(11.0F);
    const float nod = grazing ? pose.between(-75.0F, -50.0F) : pose.between(-42.0F, -8.0F);

    add_legs(figure, far, trunk, p, stride + pose.normal(0.06F), false);
    add_tail(body, trunk, p, pose.normal(0.5F));
    add_trunk(body, trunk, p, pose.between(0.95F, 1.12F));
    const Skull skull = add_head(body, trunk, p, angle, nod);
    if (p.crest > 0.02F) add_mane(body, trunk, skull, p);
    add_legs(figure, body, trunk, p, stride, true);
    const float turn = pose.normal(0.2F);
    add_ear(far, {skull.center + skull.forward * (0.3F * skull.radius), skull.forward, skull.up, skull.radius}, p,
            turn);
    if (traits.horn != Horn::kTusk && traits.horn != Horn::kNose) add_horn(far, skull, traits, 0.35F);
    add_horn(near, skull, traits, 0.0F);
    add_ear(near, skull, p, turn + pose.normal(0.1F));
    near.melt = 0.008F;
    add_face(figure, skull, traits);
    return figure;
}

}  // namespace kaziranga::data::synthetic
