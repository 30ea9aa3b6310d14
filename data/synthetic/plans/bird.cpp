#include "data/synthetic/plans/plans.hpp"

namespace kaziranga::data::synthetic {
namespace {

/// Coordinate frame of the trunk: `along` from tail to breast, `up` from belly to back.
struct Body {
    Vec center;
    Vec along;
    Vec up;
    float depth;
    Vec at(float forward, float upward) const { return center + along * forward + up * upward; }
};

void add_body(Layer& layer, const Body& b, float fat) {
    const float d = b.depth;
    add_tube(layer,
             {{b.at(-0.52F, 0.06F * d), 0.13F * d},
              {b.at(-0.25F, 0.02F * d), 0.36F * d},
              {b.at(0.05F, -0.04F * d), 0.5F * d * fat},
              {b.at(0.3F, -0.02F * d), 0.46F * d},
              {b.at(0.45F, 0.06F * d), 0.32F * d}},
             {.material = Material::kCoat, .samples = 5});
}

Vec add_neck(Layer& layer, const Body& b, const Proportions& p, float angle) {
    const Vec base = b.at(0.36F, 0.12F * b.depth);
    const Vec lift = direction(angle);
    const Vec head = base + lift * (p.neck + 0.75F * p.head);
    const float root = std::max(0.3F * b.depth * (p.neck > 0.5F ? 0.6F : 1.0F), 0.8F * p.head);
    const float top = p.neck > 0.25F ? 0.58F * p.head : 0.85F * p.head;
    // A long neck has the shape of an S: forward, then back, then forward again.
    const Vec swing = Vec{lift.y, -lift.x} * (0.16F * p.neck);
    add_tube(layer,
             {{base - lift * 0.05F, root},
              {lerp(base, head, 0.35F) + swing, lerp(root, top, 0.6F)},
              {lerp(base, head, 0.7F) - swing * 0.6F, top},
              {head, top}},
             {.material = Material::kCoat, .u0 = 0.95F, .samples = 4});
    add_tube(layer,
             {{head - Vec{0.1F * p.head, 0}, p.head}, {head + Vec{0.18F * p.head, -0.03F * p.head}, 0.9F * p.head}},
             {.material = Material::kHead, .bulge = 1.2F, .u0 = 0.0F, .samples = 2});
    return head;
}

void add_beak(Figure& figure, Layer& layer, Vec head, const Proportions& p, float tilt) {
    const Vec f = direction(tilt);
    const Vec up{-f.y, f.x};
    const float n = p.snout, r = p.head;
    const float root = std::min(0.4F * r, 0.16F * n + 0.16F * r);
    const Vec from = head + f * (0.72F * r) - up * (0.08F * r);
    const Vec tip = from + f * (n + 0.1F * r) - up * (p.hook * 0.35F * n);
    add_tube(layer,
             {{from, root}, {from + f * (0.55F * n) + up * (0.08F * p.hook * n), 0.68F * root}, {tip, 0.12F * root}},
             {.material = Material::kHorn, .bulge = 1.3F, .samples = 4});
    figure.marks.push_back({from + f * (0.1F * r) - up * (0.3F * root), tip + up * (0.25F * root), 0.05F * root,
                            0.03F * root, rgb(0x1a1512), 1});
}

void add_crest(Layer& layer, Vec head, const Proportions& p, bool casque) {
    const float r = p.head;
    if (casque) {
        const Vec from = head + Vec{0.4F * r, 0.7F * r};
        add_tube(layer, {{from, 0.3F * r}, {from + Vec{p.snout * 0.5F, 0.1F * r}, 0.12F * r}},
                 {.material = Material::kHorn, .samples = 3});
        return;
    }
    for (const float lean : {150.0F, 172.0F, 194.0F}) {
        const Vec root = head + Vec{-0.35F * r, 0.6F * r};
        layer.plates.push_back(leaf(root, root + direction(lean) * p.crest, 0.16F * p.crest, Material::kTail));
    }
}

void add_tail(Layer& layer, const Body& b, const Proportions& p, float lift) {
    const Vec root = b.at(-0.42F, 0.06F * b.depth);
    const Vec back = normalised(b.along * -1.0F + b.up * lift);
    for (const float fan : {-0.5F, 0.5F, 0.0F}) {
        const Vec tip = root + (back + Vec{-back.y, back.x} * (fan * p.tail_width * 1.2F)) * (p.tail + 0.08F);
        layer.plates.push_back(leaf(root, tip, 0.75F * p.tail_width, Material::kTail));
    }
}

/// Adds the folded wing: coverts in front, and flight feathers that overlap towards the tail.
void add_wing(Layer& layer, const Body& b, float droop) {
    const float d = b.depth;
    const auto feather = [&](float from, float from_up, float to, float to_up, float width, float lift) {
        Plate plate = leaf(b.at(from, from_up * d), b.at(to, to_up * d - droop), width * d, Material::kFeather);
        plate.lift = lift;
        layer.plates.push_back(plate);
    };
    feather(-0.05F, 0.12F, -0.74F, 0.02F, 0.13F, 0.02F);
    feather(0.0F, 0.04F, -0.66F, -0.06F, 0.14F, 0.04F);
    feather(0.05F, -0.02F, -0.52F, -0.16F, 0.15F, 0.06F);
    const Vec points[] = {b.at(0.3F, 0.12F * d),         b.at(0.1F, 0.3F * d),     b.at(-0.25F, 0.26F * d),
                          b.at(-0.5F, 0.1F * d - droop), b.at(-0.25F, -0.14F * d), b.at(0.12F, -0.2F * d)};
    Plate coverts;
    coverts.outline = smooth_outline(points, 4);
    coverts.origin = b.at(0.3F, 0.1F * d);
    coverts.axis = b.along * -1.0F;
    coverts.span = 0.8F;
    coverts.round = 0.12F * d;
    coverts.lift = 0.08F;
    coverts.material = Material::kFeather;
    layer.plates.push_back(coverts);
}

void add_leg(Figure& figure, Layer& layer, Vec hip, float swing, const Proportions& p) {
    const float w = p.leg_width;
    const Vec foot{hip.x + swing * p.leg, 0.5F * w};
    const Vec heel = lerp(hip, foot, 0.5F) + Vec{-0.06F * p.leg, 0};
    add_tube(layer, {{hip, 3.2F * w}, {lerp(hip, heel, 0.55F), 2.0F * w}}, {.material = Material::kCoat, .samples = 2});
    const TubeLook scaly{.material = Material::kHorn, .samples = 2};
    add_tube(layer, {{lerp(hip, heel, 0.4F), 1.15F * w}, {heel, 0.9F * w}, {foot, 0.75F * w}}, scaly);
    for (const float reach : {-0.08F, 0.07F, 0.13F, 0.18F}) {
        add_tube(layer, {{foot, 0.7F * w}, {foot + Vec{reach, -0.25F * w}, 0.4F * w}}, scaly);
    }
    figure.feet.push_back({foot.x, 0});
}

}  // namespace

Figure build_bird(const SpeciesTraits& traits, Chance& pose) {
    const Proportions& p = traits.proportions;
    Figure figure;
    figure.layers.resize(3);
    Layer& far = figure.layers[0];
    Layer& body = figure.layers[1];
    Layer& wing = figure.layers[2];
    far.light = 0.75F;
    body.shag = 0.006F;
    wing.melt = 0.006F;
    const float pitch = p.pitch + pose.normal(7.0F);
    const Vec along = direction(pitch);
    const Body b{{0.0F, p.leg + 0.42F * p.depth + 0.15F * along.y}, along, {-along.y, along.x}, p.depth};

    const float step = pose.normal(0.12F);
    add_leg(figure, far, b.at(-0.02F, -0.34F * p.depth), 0.06F - step, p);
    add_tail(body, b, p, pose.normal(0.18F));
    add_body(body, b, pose.between(0.95F, 1.08F));
    const Vec head = add_neck(body, b, p, p.neck_angle + pose.normal(8.0F));
    add_beak(figure, body, head, p, pose.normal(9.0F) - 4.0F);
    if (p.crest > 0.04F) add_crest(body, head, p, p.snout > 0.35F && p.hook > 0.25F);
    if (p.ear > 0.03F) {
        const Vec tuft = head + Vec{0.1F, 0.8F} * p.head;
        body.plates.push_back(leaf(tuft, tuft + Vec{-0.25F, 0.9F} * p.ear, 0.3F * p.ear, Material::kHead));
    }
    add_leg(figure, body, b.at(0.02F, -0.36F * p.depth), 0.06F + step, p);
    add_wing(wing, b, pose.between(-0.02F, 0.06F));
    add_eye(figure, head + Vec{0.32F, 0.2F} * p.head, (p.head > 0.22F ? 0.2F : 0.17F) * p.head, traits.coat.eye, 1);
    figure.perched = p.leg < 0.32F && pose.happens(0.65F);
    return figure;
}

}  // namespace kaziranga::data::synthetic
