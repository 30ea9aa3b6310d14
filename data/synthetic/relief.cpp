#include "data/synthetic/relief.hpp"

#include "data/synthetic/noise.hpp"

#include <algorithm>
#include <limits>

namespace kaziranga::data::synthetic {
namespace {

constexpr float kFar = 1e3F;

Range joined(Range a, Range b) {
    if (a.first >= a.last) return b;
    return {std::min(a.first, b.first), std::max(a.last, b.last)};
}

struct Edge {
    Vec from, to, step;
    float inverse;  ///< inverse of the squared length
};

std::vector<Edge> edges_of(const std::vector<Vec>& outline) {
    std::vector<Edge> edges;
    for (size_t i = 0, j = outline.size() - 1; i < outline.size(); j = i++) {
        const Vec step = outline[j] - outline[i];
        edges.push_back({outline[i], outline[j], step, 1.0F / std::max(dot(step, step), 1e-12F)});
    }
    return edges;
}

/// Signed distance to a polygon, negative inside (Quilez, "2D distance functions": inside test by edge crossings).
float polygon_distance(const std::vector<Edge>& edges, Vec p) {
    float nearest = std::numeric_limits<float>::max();
    bool inside = false;
    for (const Edge& edge : edges) {
        const Vec w = p - edge.from;
        const Vec off = w - edge.step * clamp01(dot(w, edge.step) * edge.inverse);
        nearest = std::min(nearest, dot(off, off));
        const bool above = p.y >= edge.from.y, below = p.y < edge.to.y;
        const bool left = edge.step.x * w.y > edge.step.y * w.x;
        inside ^= (above & below & left) | (!above & !below & !left);
    }
    return inside ? -std::sqrt(nearest) : std::sqrt(nearest);
}

}  // namespace

Relief::Relief(int side, const Placement& placement) : side_(side), placement_(placement) {
    const float determinant = cross(placement.ex, placement.ey);
    inverse_x_ = {placement.ey.y / determinant, -placement.ex.y / determinant};
    inverse_y_ = {-placement.ey.x / determinant, placement.ex.x / determinant};
    const auto pixels = static_cast<size_t>(side) * static_cast<size_t>(side);
    distance_.resize(pixels);
    height_.resize(pixels);
    rank_.resize(pixels);
    scratch_.resize(pixels);
    points_.resize(pixels);
}

Vec Relief::to_figure(int x, int y) const {
    const Vec p = Vec{static_cast<float>(x) + 0.5F, static_cast<float>(y) + 0.5F} - placement_.origin;
    return inverse_x_ * p.x + inverse_y_ * p.y;
}

void Relief::reach(Vec center, float radius) {
    const Vec p = placement_.to_pixels(center);
    const float r = radius * placement_.scale + 5.0F;
    columns_ = joined(columns_, pixels_between(p.x - r, p.x + r, side_));
    rows_ = joined(rows_, pixels_between(p.y - r, p.y + r, side_));
}

void Relief::clear() {
    for (int y = rows_.first; y < rows_.last; ++y) {
        const auto from = static_cast<std::ptrdiff_t>(index(columns_.first, y));
        const auto count = std::max(columns_.last - columns_.first, 0);
        std::fill_n(distance_.begin() + from, count, kFar);
        std::fill_n(height_.begin() + from, count, 0.0F);
        std::fill_n(rank_.begin() + from, count, -kFar);
    }
}

void Relief::build(const Layer& layer) {
    columns_ = rows_ = {side_, 0};
    for (const Bone& bone : layer.bones) {
        reach(bone.a, bone.ra);
        reach(bone.b, bone.rb);
    }
    for (const Plate& plate : layer.plates) {
        for (const Vec p : plate.outline) reach(p, 0);
    }
    clear();
    for (const Plate& plate : layer.plates) add(plate);
    for (const Bone& bone : layer.bones) add(bone);
    if (layer.shag > 0) roughen(layer.shag);
    melt(std::max(1, static_cast<int>(layer.melt * placement_.scale + 0.5F)));
}

void Relief::add(const Bone& bone) {
    const Vec a = placement_.to_pixels(bone.a), b = placement_.to_pixels(bone.b);
    const float pad = std::max(bone.ra, bone.rb) * placement_.scale + 4.0F;
    const Range xs = pixels_between(std::min(a.x, b.x) - pad, std::max(a.x, b.x) + pad, side_);
    const Range ys = pixels_between(std::min(a.y, b.y) - pad, std::max(a.y, b.y) + pad, side_);
    const Vec d = bone.b - bone.a;
    const float span = std::max(length(d), 1e-6F);
    const Vec axis = d * (1 / span);
    for (int y = ys.first; y < ys.last; ++y) {
        Vec p = to_figure(xs.first, y) - bone.a;
        for (int x = xs.first; x < xs.last; ++x, p = p + inverse_x_) {
            const float t = clamp01(dot(p, axis) / span);
            const Vec off = p - d * t;
            const float r = lerp(bone.ra, bone.rb, t), squared = dot(off, off), inside = r * r - squared;
            const size_t i = index(x, y);
            // Pixels far outside need no distance.
            const float far = r + 5.0F / placement_.scale;
            if (squared > far * far) continue;
            distance_[i] = std::min(distance_[i], std::sqrt(squared) - r);
            const float height = inside > 0 ? bone.bulge * std::sqrt(inside) : 0.0F;
            height_[i] = std::max(height_[i], height);
            const float rank = inside > 0 ? height : inside;
            if (rank <= rank_[i]) continue;
            rank_[i] = rank;
            const float v = cross(axis, off), rise = v / std::max(r, 1e-6F);
            points_[i] = {bone.material, lerp(bone.ua, bone.ub, t),           v * (1 + 0.35F * rise * rise),
                          rise,          lerp(bone.along_a, bone.along_b, t), 0,
                          bone.a + p};
        }
    }
}

void Relief::add(const Plate& plate) {
    Vec low{1e9F, 1e9F}, high{-1e9F, -1e9F};
    for (const Vec corner : plate.outline) {
        const Vec p = placement_.to_pixels(corner);
        low = {std::min(low.x, p.x), std::min(low.y, p.y)};
        high = {std::max(high.x, p.x), std::max(high.y, p.y)};
    }
    const Range xs = pixels_between(low.x - 3, high.x + 3, side_), ys = pixels_between(low.y - 3, high.y + 3, side_);
    const std::vector<Edge> edges = edges_of(plate.outline);
    for (int y = ys.first; y < ys.last; ++y) {
        for (int x = xs.first; x < xs.last; ++x) {
            const Vec p = to_figure(x, y);
            const float distance = polygon_distance(edges, p);
            const size_t i = index(x, y);
            const float depth = plate.round > 0 ? clamp01(-distance / plate.round) : 0.0F;
            const float dome = plate.round * std::sqrt(std::max(0.0F, 1 - (1 - depth) * (1 - depth)));
            const float height = distance < 0 ? plate.lift + dome : 0.0F;
            distance_[i] = std::min(distance_[i], distance);
            const float rank = distance < 0 ? height : -distance * distance;
            if (rank < rank_[i]) continue;
            rank_[i] = rank;
            height_[i] = std::max(height_[i], height);
            const float u = dot(p - plate.origin, plate.axis), v = plate.hand * cross(plate.axis, p - plate.origin);
            points_[i] = {plate.material, u, v, 0.2F, u / plate.span, std::max(-distance, 0.0F), p};
        }
    }
}

/// Adds hair: roughens the outline and the surface.
void Relief::roughen(float shag) {
    for (int y = rows_.first; y < rows_.last; ++y) {
        for (int x = columns_.first; x < columns_.last; ++x) {
            const size_t i = index(x, y);
            if (distance_[i] > 3 * shag) continue;
            const Vec p = to_figure(x, y);
            distance_[i] += shag * ripples(0.9F * p.x + 0.4F * p.y, 0.9F * p.y - 0.4F * p.x);
            if (height_[i] > 0) height_[i] += 0.012F * clouds(0.9F * p.x, 0.9F * p.y);
        }
    }
}

/// Blurs the heights with a box filter, which rounds the creases between parts.
void Relief::melt(int radius) {
    const float weight = 1.0F / static_cast<float>(2 * radius + 1);
    const int width = columns_.last - columns_.first, height = rows_.last - rows_.first;
    if (width <= 0 || height <= 0) return;
    std::vector<float> line(static_cast<size_t>(width + 2 * radius), 0.0F);
    for (int y = rows_.first; y < rows_.last; ++y) {
        const float* from = &height_[index(columns_.first, y)];
        std::copy_n(from, width, line.begin() + radius);
        float* to = &scratch_[index(columns_.first, y)];
        for (int x = 0; x < width; ++x) {
            float sum = 0;
            for (int j = 0; j <= 2 * radius; ++j) sum += line[static_cast<size_t>(x + j)];
            to[x] = sum * weight;
        }
    }
    for (int y = rows_.first; y < rows_.last; ++y) {
        float* to = &height_[index(columns_.first, y)];
        std::fill_n(to, width, 0.0F);
        for (int j = std::max(y - radius, rows_.first); j <= std::min(y + radius, rows_.last - 1); ++j) {
            const float* from = &scratch_[index(columns_.first, j)];
            for (int x = 0; x < width; ++x) to[x] += from[x] * weight;
        }
    }
}

float Relief::slope_x(int x, int y) const {
    const int left = std::max(x - 1, columns_.first), right = std::min(x + 1, columns_.last - 1);
    return right > left ? (height_[index(right, y)] - height_[index(left, y)]) / static_cast<float>(right - left) : 0;
}

float Relief::slope_y(int x, int y) const {
    const int top = std::max(y - 1, rows_.first), low = std::min(y + 1, rows_.last - 1);
    return low > top ? (height_[index(x, low)] - height_[index(x, top)]) / static_cast<float>(low - top) : 0;
}

}  // namespace kaziranga::data::synthetic
