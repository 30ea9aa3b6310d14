#include "data/synthetic/plans/plans.hpp"

#include <vector>

namespace kaziranga::data::synthetic {
namespace {

/// The curved spine of a fish: x runs from the root of the tail (0) to the nose (1).
struct Spine {
    float bend;
    float hump;
    Vec at(float x, float y = 0) const {
        const float arch = bend * (x - 0.5F) * (x - 0.5F) * 4.0F * (x < 0.5F ? 1.0F : 0.25F);
        return {x, y + arch + hump * smoothstep(0.3F, 0.7F, x) * (1 - smoothstep(0.7F, 1.0F, x))};
    }
};

float half_depth(const Proportions& p, float x) {
    const float rise = std::sqrt(std::max(0.0F, 1 - (x - 0.62F) * (x - 0.62F) / (0.62F * 0.62F)));
    const float front = x > 0.62F ? std::sqrt(std::max(0.0F, 1 - (x - 0.62F) * (x - 0.62F) / (0.4F * 0.4F))) : rise;
    return std::max(0.5F * p.depth * (x > 0.62F ? front : rise * rise), p.tail_width);
}

void add_body(Layer& layer, const Proportions& p, const Spine& spine) {
    std::vector<Node> nodes;
    for (const float x : {0.0F, 0.15F, 0.3F, 0.45F, 0.6F, 0.72F, 0.82F})
        nodes.push_back({spine.at(x), half_depth(p, x)});
    nodes.push_back({spine.at(0.9F - 0.2F * p.depth + 0.1F, -0.02F), 0.3F * p.depth});
    nodes.push_back({spine.at(0.9F + p.snout, -0.03F), 0.09F * p.depth + 0.01F});
    add_tube(layer, nodes, {.material = Material::kCoat, .bulge = 0.6F, .samples = 4});
}

Plate fin(std::vector<Vec> points, Vec origin, Vec axis, float span) {
    Plate plate;
    plate.outline = smooth_outline(points, 4);
    plate.origin = origin;
    plate.axis = normalised(axis);
    plate.span = span;
    plate.material = Material::kFin;
    return plate;
}

void add_caudal(Layer& layer, const Proportions& p, const Spine& spine, float sweep) {
    const Vec root = spine.at(0.03F);
    const float t = p.tail, w = 0.55F * t + 0.25F * p.depth, notch = p.fork * t;
    const Vec back = Vec{-1, sweep};
    const Vec tip = root + back * t;
    layer.plates.push_back(fin({root + Vec{0.02F, p.tail_width}, lerp(root, tip, 0.5F) + Vec{0, 0.5F * w},
                                tip + Vec{-0.02F, w * 0.75F}, tip + Vec{notch, 0}, tip + Vec{-0.02F, -w * 0.75F},
                                lerp(root, tip, 0.5F) - Vec{0, 0.5F * w}, root - Vec{-0.02F, p.tail_width}},
                               root, back, t));
}

void add_median_fins(Layer& layer, const Proportions& p, const Spine& spine, float raise) {
    const float h = p.fin * raise;
    const auto back = [&](float x) { return spine.at(x, 0.82F * half_depth(p, x)); };
    const auto belly = [&](float x) { return spine.at(x, -0.82F * half_depth(p, x)); };
    layer.plates.push_back(fin({back(0.74F), back(0.66F) + Vec{-0.02F, h}, back(0.5F) + Vec{-0.04F, 0.92F * h},
                                back(0.25F) + Vec{-0.06F, 0.6F * h}, back(0.2F), back(0.45F)},
                               back(0.7F), {-0.3F, 1}, h + 0.05F));
    layer.plates.push_back(
        fin({belly(0.42F), belly(0.36F) - Vec{0.02F, 0.9F * h}, belly(0.18F) - Vec{0.05F, 0.5F * h}, belly(0.15F)},
            belly(0.38F), {-0.3F, -1}, h + 0.05F));
    layer.plates.push_back(
        fin({belly(0.66F), belly(0.62F) - Vec{0.03F, 0.75F * h}, belly(0.52F) - Vec{0.05F, 0.35F * h}, belly(0.56F)},
            belly(0.64F), {-0.4F, -1}, h));
}

}  // namespace

Figure build_fish(const SpeciesTraits& traits, Chance& pose) {
    const Proportions& p = traits.proportions;
    Figure figure;
    figure.afloat = true;
    figure.layers.resize(3);
    const Spine spine{pose.normal(0.06F), p.hump};
    Layer& fins = figure.layers[0];
    Layer& body = figure.layers[1];
    Layer& near = figure.layers[2];
    fins.light = 0.92F;
    add_caudal(fins, p, spine, pose.normal(0.15F));
    add_median_fins(fins, p, spine, pose.between(0.75F, 1.15F));
    add_body(body, p, spine);
    const Vec root = spine.at(0.66F, -0.12F * p.depth);
    const Vec tip = root + direction(180.0F + pose.between(-5.0F, 45.0F)) * (0.12F + 0.6F * p.fin);
    near.plates.push_back(leaf(root, tip, 0.055F + 0.12F * p.fin, Material::kFin));
    near.melt = 0.006F;

    const Vec eye = spine.at(0.87F, 0.1F * p.depth);
    add_eye(figure, eye, 0.022F + 0.045F * p.depth, traits.coat.eye, 1);
    const Vec gill = spine.at(0.75F, -0.02F);
    const float g = 0.24F * p.depth;
    for (const float y : {-1.0F, 0.0F}) {
        figure.marks.push_back({gill + Vec{-0.015F * std::abs(y) * 2, y * g}, gill + Vec{-0.03F * (1 + y), (y + 1) * g},
                                0.006F, 0.006F, traits.coat.base * 0.45F, 1});
    }
    const Vec lips = spine.at(0.9F + p.snout, -0.035F);
    figure.marks.push_back({lips, lips - Vec{0.06F, 0.02F}, 0.006F, 0.004F, rgb(0x221a18), 1});
    return figure;
}

}  // namespace kaziranga::data::synthetic
