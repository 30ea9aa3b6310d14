#include "data/synthetic/plans/plans.hpp"

#include <vector>

namespace kaziranga::data::synthetic {
namespace {

/// Returns a winding path: the direction of the steps follows a slow wave.
std::vector<Vec> wandering_path(Chance& pose, float total, int steps, float amplitude, float waves) {
    std::vector<Vec> path = {{0, 0}};
    const float phase = pose.between(0, 2 * kPi), heading = pose.between(-20.0F, 20.0F), drift = pose.normal(40.0F);
    const float step = total / static_cast<float>(steps);
    for (int i = 0; i < steps; ++i) {
        const float t = static_cast<float>(i) / static_cast<float>(steps);
        path.push_back(path.back() +
                       direction(heading + drift * t + amplitude * std::sin(phase + waves * 2 * kPi * t)) * step);
    }
    return path;
}

}  // namespace

Figure build_snake(const SpeciesTraits& traits, Chance& pose) {
    const Proportions& p = traits.proportions;
    Figure figure;
    figure.layers.resize(2);
    Layer& body = figure.layers[0];
    constexpr int kSteps = 26;
    const float amplitude = (48.0F + pose.normal(12.0F)) * std::min(p.hook, 1.4F);
    const std::vector<Vec> path = wandering_path(pose, 2.0F, kSteps, amplitude, pose.between(1.3F, 2.3F));
    std::vector<Node> nodes;
    for (int i = 0; i <= kSteps; ++i) {
        const float t = static_cast<float>(i) / kSteps;  // tail to head
        const float taper = smoothstep(0.0F, p.tail + 0.15F, t) * (1 - 0.4F * smoothstep(0.8F, 0.97F, t));
        nodes.push_back({path[static_cast<size_t>(i)], std::max(p.depth * taper, 0.008F)});
    }
    add_tube(body, nodes, {.material = Material::kCoat, .samples = 2});
    const Vec head = path.back();
    const Vec forward = normalised(path.back() - path[path.size() - 2]);
    const Vec side{-forward.y, forward.x};
    const float r = p.head;
    Layer& skull = figure.layers[1];
    add_tube(skull,
             {{head - forward * (0.6F * r), 0.85F * r},
              {head + forward * (0.5F * r), r},
              {head + forward * (1.4F * r + p.snout), 0.5F * r}},
             {.material = Material::kHead, .bulge = 1.2F, .samples = 4});
    for (const float s : {-1.0F, 1.0F}) {
        add_eye(figure, head + forward * (0.9F * r) + side * (s * 0.72F * r), 0.16F * r, traits.coat.eye, 1);
    }
    if (pose.happens(0.3F)) {
        const Vec tip = head + forward * (1.8F * r + p.snout);
        for (const float s : {-0.25F, 0.25F}) {
            figure.marks.push_back({tip, tip + (forward + side * s) * (1.2F * r), 0.004F, 0.003F, rgb(0x7a1420), 1});
        }
    }
    return figure;
}

namespace {

void add_sprawled_leg(Figure& figure, Layer& layer, Vec hip, Vec out, Vec along, const Proportions& p) {
    const float w = p.leg_width;
    const Vec elbow = hip + out * (0.5F * p.leg) + along * (0.25F * p.leg);
    const Vec foot = elbow + out * (0.32F * p.leg) - along * (0.3F * p.leg);
    add_tube(layer, {{hip, 1.3F * w}, {elbow, w}, {foot, 0.72F * w}},
             {.material = Material::kLimb, .bulge = 0.8F, .samples = 3});
    for (const float turn : {-70.0F, -35.0F, 0.0F, 35.0F, 70.0F}) {
        const Vec spread = direction(turn);
        const Vec toe{out.x * spread.x - out.y * spread.y, out.x * spread.y + out.y * spread.x};
        add_tube(layer, {{foot, 0.4F * w}, {foot + toe * (0.28F * p.leg), 0.25F * w}},
                 {.material = Material::kLimb, .bulge = 0.6F, .u0 = p.leg, .samples = 1});
    }
    figure.feet.push_back(foot);
}

}  // namespace

Figure build_lizard(const SpeciesTraits& traits, Chance& pose) {
    const Proportions& p = traits.proportions;
    Figure figure;
    figure.layers.resize(2);
    Layer& legs = figure.layers[0];
    Layer& body = figure.layers[1];
    legs.light = 0.92F;
    const float bend = pose.normal(0.12F), curl = pose.normal(0.5F);
    const auto spine = [&](float x) {
        const float back = std::max(-x, 0.0F);
        return Vec{x - 0.25F * back * back * std::abs(curl), bend * std::sin(3.2F * x) + curl * back * back * 0.6F};
    };
    const float d = 0.5F * p.depth, t = p.tail;
    add_tube(body,
             {{spine(-t), 0.008F},
              {spine(-0.66F * t), 0.35F * p.tail_width},
              {spine(-0.33F * t), 0.7F * p.tail_width},
              {spine(0.0F), 1.15F * p.tail_width},
              {spine(0.25F), 0.85F * d},
              {spine(0.5F), d},
              {spine(0.75F), 0.82F * d},
              {spine(0.95F), 0.62F * d},
              {spine(1.0F + p.neck), std::max(0.55F * d, 0.6F * p.head)}},
             {.material = Material::kCoat, .u0 = -t, .samples = 4});
    for (const float at : {0.12F, 0.82F}) {
        const Vec along = normalised(spine(at + 0.02F) - spine(at - 0.02F));
        for (const float s : {-1.0F, 1.0F}) {
            const Vec out = Vec{-along.y, along.x} * s;
            const Vec gait = along * ((at > 0.5F ? 1.0F : -1.0F) * 0.6F + pose.normal(0.35F));
            add_sprawled_leg(figure, legs, spine(at), normalised(out + gait * 0.5F), along * (at > 0.5F ? 1.0F : -0.6F),
                             p);
        }
    }
    const Vec head = spine(1.05F + p.neck);
    const Vec f = normalised(spine(1.05F + p.neck) - spine(0.9F + p.neck) + Vec{0, pose.normal(0.05F)});
    const Vec side{-f.y, f.x};
    add_tube(body,
             {{head, p.head},
              {head + f * (0.6F * p.head), 0.85F * p.head},
              {head + f * (0.8F * p.head + p.snout), 0.36F * p.head}},
             {.material = Material::kHead, .bulge = 1.2F, .samples = 4});
    for (const float s : {-1.0F, 1.0F}) {
        add_eye(figure, head + f * (0.55F * p.head) + side * (s * 0.68F * p.head), 0.2F * p.head, traits.coat.eye, 1);
    }
    return figure;
}

Figure build_turtle(const SpeciesTraits& traits, Chance& pose) {
    const Proportions& p = traits.proportions;
    Figure figure;
    figure.layers.resize(3);
    Layer& far = figure.layers[0];
    Layer& limbs = figure.layers[1];
    Layer& shell = figure.layers[2];
    far.light = 0.7F;
    const float floor = 0.62F * p.leg, dome = p.depth;
    const auto leg = [&](Layer& layer, float x, float swing) {
        const float w = p.leg_width;
        add_tube(layer,
                 {{{x, floor + 0.1F}, 1.3F * w},
                  {{x + 0.3F * swing, 0.5F * floor}, w},
                  {{x + swing, 0.7F * w}, 0.8F * w},
                  {{x + swing + 0.05F, 0.6F * w}, 0.7F * w}},
                 {.material = Material::kLimb, .samples = 3});
        figure.feet.push_back({x + swing, 0});
    };
    const float step = pose.normal(0.07F);
    leg(far, 0.22F, -step);
    leg(far, 0.78F, step);
    leg(limbs, 0.15F, step);
    leg(limbs, 0.84F, -step + 0.04F);
    add_tube(limbs,
             {{{0.05F, floor + 0.08F}, p.tail_width * 1.5F}, {{-0.06F - p.tail, floor - 0.02F}, 0.4F * p.tail_width}},
             {.material = Material::kTail, .samples = 3});
    const Vec lift = direction(p.neck_angle + pose.normal(14.0F));
    const Vec neck{0.9F, floor + 0.12F};
    const Vec head = neck + lift * (p.neck * pose.between(0.7F, 1.2F)) + Vec{0.06F, 0};
    add_tube(limbs,
             {{neck - Vec{0.1F, 0}, 0.85F * p.head}, {lerp(neck, head, 0.6F), 0.65F * p.head}, {head, 0.8F * p.head}},
             {.material = Material::kSkin, .samples = 3});
    add_tube(limbs, {{head, p.head}, {head + Vec{0.6F * p.head + p.snout, -0.2F * p.head}, 0.55F * p.head}},
             {.material = Material::kHead, .bulge = 1.2F, .samples = 3});
    add_eye(figure, head + Vec{0.45F, 0.25F} * p.head, 0.17F * p.head, traits.coat.eye, 1);
    const Vec lips = head + Vec{1.0F * p.head + p.snout, -0.4F * p.head};
    figure.marks.push_back({lips, lips - Vec{0.9F * p.head, 0.0F}, 0.006F, 0.005F, rgb(0x241a16), 1});

    std::vector<Vec> points = {{-0.06F, floor + 0.02F}};
    for (const float x : {0.02F, 0.2F, 0.42F, 0.62F, 0.82F, 0.97F}) {
        const float arch = std::sqrt(std::max(0.0F, 1 - (x - 0.47F) * (x - 0.47F) / (0.55F * 0.55F)));
        points.push_back({x, floor + 0.08F + dome * 0.85F * arch});
    }
    for (const Vec p2 : {Vec{1.04F, floor + 0.04F}, Vec{0.8F, floor - 0.02F}, Vec{0.2F, floor - 0.02F}})
        points.push_back(p2);
    Plate carapace;
    carapace.outline = smooth_outline(points, 4);
    carapace.origin = {0.5F, floor};
    carapace.axis = {1, 0};
    carapace.span = 0.5F;
    carapace.round = 0.55F * dome;
    carapace.material = Material::kShell;
    shell.plates.push_back(carapace);
    return figure;
}

}  // namespace kaziranga::data::synthetic
