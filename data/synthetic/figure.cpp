#include "data/synthetic/figure.hpp"

#include <algorithm>

namespace kaziranga::data::synthetic {
namespace {

template <class Value>
Value catmull_rom(Value p0, Value p1, Value p2, Value p3, float t) {
    const Value a = p1 * 2.0F;
    const Value b = p2 + p0 * -1.0F;
    const Value c = p0 * 2.0F + p1 * -5.0F + p2 * 4.0F + p3 * -1.0F;
    const Value d = p0 * -1.0F + p1 * 3.0F + p2 * -3.0F + p3;
    return (a + b * t + c * (t * t) + d * (t * t * t)) * 0.5F;
}

}  // namespace

void add_tube(Layer& layer, std::span<const Node> nodes, const TubeLook& look) {
    const auto node = [&](size_t i, int step) {
        const auto last = static_cast<int>(nodes.size()) - 1;
        return nodes[static_cast<size_t>(std::clamp(static_cast<int>(i) + step, 0, last))];
    };
    const size_t spans = nodes.size() - 1;
    const auto total = static_cast<float>(spans * static_cast<size_t>(look.samples));
    Node from = nodes[0];
    float u = look.u0, done = 0;
    for (size_t i = 0; i < spans; ++i) {
        const Node n0 = node(i, -1), n1 = node(i, 0), n2 = node(i, 1), n3 = node(i, 2);
        for (int s = 1; s <= look.samples; ++s, ++done) {
            const float t = static_cast<float>(s) / static_cast<float>(look.samples);
            const Node to{catmull_rom(n0.p, n1.p, n2.p, n3.p, t),
                          std::max(catmull_rom(n0.r, n1.r, n2.r, n3.r, t), 0.2F * std::min(n1.r, n2.r))};
            const float step = length(to.p - from.p);
            layer.bones.push_back(
                {from.p, to.p, from.r, to.r, u, u + step, done / total, (done + 1) / total, look.bulge, look.material});
            u += step;
            from = to;
        }
    }
}

std::vector<Vec> smooth_outline(std::span<const Vec> points, int samples) {
    std::vector<Vec> outline;
    const size_t n = points.size();
    for (size_t i = 0; i < n; ++i) {
        for (int s = 0; s < samples; ++s) {
            outline.push_back(catmull_rom(points[(i + n - 1) % n], points[i], points[(i + 1) % n], points[(i + 2) % n],
                                          static_cast<float>(s) / static_cast<float>(samples)));
        }
    }
    return outline;
}

Plate leaf(Vec base, Vec tip, float width, Material material) {
    const Vec along = tip - base;
    const Vec across = Vec{-along.y, along.x} * (width / std::max(length(along), 1e-5F));
    const Vec points[] = {base + across * 0.35F, base + along * 0.4F + across, tip, base + along * 0.4F - across * 0.8F,
                          base - across * 0.35F};
    Plate plate;
    plate.outline = smooth_outline(points, 4);
    plate.origin = base;
    plate.axis = normalised(along);
    plate.span = length(along);
    plate.round = width * 0.6F;
    plate.material = material;
    return plate;
}

void add_eye(Figure& figure, Vec center, float radius, Color iris, size_t after_layer) {
    const Vec glint = center + Vec{0.3F, 0.35F} * radius;
    figure.marks.push_back({center, center, radius * 1.25F, radius * 1.25F, rgb(0x14100d), after_layer});
    figure.marks.push_back({center, center, radius, radius, iris, after_layer});
    figure.marks.push_back({center, center, radius * 0.62F, radius * 0.62F, rgb(0x080606), after_layer});
    figure.marks.push_back({glint, glint, radius * 0.28F, radius * 0.28F, rgb(0xf4f6f8), after_layer});
}

Box bounds(const Figure& figure) {
    Box box{{1e9F, 1e9F}, {-1e9F, -1e9F}};
    const auto include = [&](Vec p, float r) {
        box.low = {std::min(box.low.x, p.x - r), std::min(box.low.y, p.y - r)};
        box.high = {std::max(box.high.x, p.x + r), std::max(box.high.y, p.y + r)};
    };
    for (const Layer& layer : figure.layers) {
        for (const Bone& bone : layer.bones) {
            include(bone.a, bone.ra);
            include(bone.b, bone.rb);
        }
        for (const Plate& plate : layer.plates) {
            for (const Vec p : plate.outline) include(p, 0);
        }
    }
    return box;
}

}  // namespace kaziranga::data::synthetic
