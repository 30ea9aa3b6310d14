#include "data/synthetic/plans/plans.hpp"

#include <vector>

namespace kaziranga::data::synthetic {
namespace {

void add_antennae(Layer& layer, Vec head, const Proportions& p, float curve, float width) {
    for (const float s : {-1.0F, 1.0F}) {
        const Vec tip = head + Vec{0.75F, s * (0.5F + curve)} * p.fin;
        add_tube(layer,
                 {{head, width},
                  {lerp(head, tip, 0.5F) + Vec{0.12F * p.fin, -s * 0.06F * p.fin}, 0.8F * width},
                  {tip, 0.7F * width}},
                 {.material = Material::kHorn, .samples = 4});
    }
}

void add_six_legs(Figure& figure, Layer& layer, const Proportions& p, Chance& pose) {
    const float w = p.leg_width;
    const float lean[] = {-0.75F, -0.15F, 0.75F};
    const float root[] = {0.42F, 0.58F, 0.74F};
    for (int i = 0; i < 3; ++i) {
        for (const float s : {-1.0F, 1.0F}) {
            const Vec hip{root[i], s * 0.2F * p.depth};
            const Vec out = normalised({lean[i] + pose.normal(0.18F), s});
            const Vec knee = hip + out * (0.25F * p.depth + 0.45F * p.leg) + Vec{0.03F, 0};
            const Vec foot = knee + normalised(out + Vec{lean[i] * 0.9F, 0}) * (0.6F * p.leg);
            add_tube(layer, {{hip, 1.3F * w}, {knee, w}, {lerp(knee, foot, 0.6F), 0.6F * w}, {foot, 0.45F * w}},
                     {.material = Material::kHorn, .samples = 2});
            figure.feet.push_back(foot);
        }
    }
}

void add_mandibles(Layer& layer, Vec head, const Proportions& p) {
    for (const float s : {-1.0F, 1.0F}) {
        const float h = p.horn, w = 0.05F + 0.05F * h;
        add_tube(layer,
                 {{head + Vec{0, s * 0.05F}, w},
                  {head + Vec{0.55F * h, s * 0.42F * h}, 0.8F * w},
                  {head + Vec{h, s * 0.1F * h}, 0.3F * w}},
                 {.material = Material::kHorn, .samples = 4});
    }
}

}  // namespace

Figure build_beetle(const SpeciesTraits& traits, Chance& pose) {
    const Proportions& p = traits.proportions;
    Figure figure;
    figure.layers.resize(2);
    Layer& under = figure.layers[0];
    Layer& shell = figure.layers[1];
    add_six_legs(figure, under, p, pose);
    const Vec head{0.93F + 0.2F * p.head, pose.normal(0.012F)};
    add_antennae(under, head + Vec{0.5F * p.head, 0}, p, pose.normal(0.2F), 0.011F);
    if (p.horn > 0.05F) add_mandibles(under, head + Vec{0.6F * p.head, 0}, p);
    const float d = 0.5F * p.depth;
    add_tube(shell, {{head - Vec{0.1F, 0}, 0.9F * p.head}, {head + Vec{0.25F * p.head, 0}, 0.8F * p.head}},
             {.material = Material::kHead, .bulge = 0.7F, .samples = 2});
    add_tube(shell, {{{0.7F, 0}, 0.78F * d}, {{0.84F, 0}, 0.68F * d}},
             {.material = Material::kSkin, .bulge = 0.8F, .samples = 2});
    add_tube(shell,
             {{{0.1F + 0.3F * d, 0}, 0.62F * d}, {{0.3F, 0}, 0.94F * d}, {{0.5F, 0}, d}, {{0.64F, 0}, 0.86F * d}},
             {.material = Material::kShell, .bulge = 0.85F, .samples = 5});
    shell.melt = 0.008F;
    const Color seam = traits.coat.base * 0.35F;
    figure.marks.push_back({{-0.02F + 0.1F * d, 0}, {0.66F, 0}, 0.006F, 0.007F, seam, 1});
    for (const float s : {-1.0F, 1.0F}) {
        figure.marks.push_back({{0.66F, 0}, {0.7F, s * 0.72F * d}, 0.008F, 0.008F, seam, 1});
        const Vec eye = head + Vec{0.2F, s * 0.75F} * p.head;
        figure.marks.push_back({eye, eye, 0.22F * p.head, 0.22F * p.head, rgb(0x15100e), 1});
    }
    return figure;
}

Figure build_butterfly(const SpeciesTraits& traits, Chance& pose) {
    const Proportions& p = traits.proportions;
    Figure figure;
    figure.layers.resize(3);
    const float open = pose.between(0.72F, 1.0F), sweep = pose.normal(0.06F);
    const auto wing = [&](Layer& layer, Vec root, std::vector<Vec> points, Vec axis, float s, float span) {
        for (Vec& point : points) point = {point.x, s * point.y * open};
        Plate plate;
        plate.outline = smooth_outline(points, 5);
        plate.origin = {root.x, s * root.y};
        plate.axis = normalised({axis.x, s * axis.y * open});
        plate.span = span;
        plate.hand = s;
        plate.material = Material::kWing;
        layer.plates.push_back(plate);
    };
    const float a = p.crest, h = p.fin, t = p.fork;
    for (const float s : {-1.0F, 1.0F}) {
        const float light = s * 0.02F;
        wing(figure.layers[0], {0.42F, 0.04F},
             {{0.5F, 0.03F},
              {0.5F, 0.75F * h},
              {0.3F, 1.05F * h},
              {0.02F, 0.95F * h},
              {-0.1F - t, 0.62F * h},
              {-0.12F, 0.4F * h},
              {0.08F, 0.14F * h},
              {0.3F, 0.02F}},
             {-0.35F, 1.0F}, s, h);
        wing(figure.layers[1], {0.58F, 0.04F},
             {{0.66F, 0.03F},
              {0.86F + sweep, 0.5F * a},
              {1.0F + sweep, 0.95F * a},
              {0.9F + sweep, 1.08F * a},
              {0.62F, 0.92F * a},
              {0.46F, 0.55F * a},
              {0.42F, 0.03F}},
             {0.3F + sweep + light, 1.0F}, s, a);
    }
    figure.layers[0].light = 0.95F;
    Layer& body = figure.layers[2];
    const float w = 0.5F * p.depth;
    add_tube(body,
             {{{0.05F, 0}, 0.35F * w},
              {{0.3F, 0}, 0.7F * w},
              {{0.52F, 0}, 0.75F * w},
              {{0.66F, 0}, w},
              {{0.76F, 0}, 0.7F * w}},
             {.material = Material::kSkin, .samples = 4});
    const Vec head{0.8F, 0};
    add_tube(body, {{head, p.head}, {head + Vec{0.02F, 0}, p.head}}, {.material = Material::kSkin, .samples = 1});
    Proportions feelers = p;
    feelers.fin = p.horn;
    add_antennae(body, head + Vec{0.02F, 0}, feelers, 0.0F, 0.008F);
    for (const float s : {-1.0F, 1.0F}) {
        const Vec eye = head + Vec{0.3F, s * 0.8F} * p.head;
        figure.marks.push_back({eye, eye, 0.4F * p.head, 0.4F * p.head, rgb(0x15100e), 2});
    }
    return figure;
}

}  // namespace kaziranga::data::synthetic
