#include "studies/quadratic_error/sections.hpp"

#include "core/progress.hpp"

#include <algorithm>
#include <cmath>

#include <c10/util/Exception.h>

namespace kaziranga::studies {
namespace {

constexpr double kFirst = 1e-7, kDecades = 0.8;  // first (C - E*) / E*; decades from one level to the next
constexpr int kLevels = 11;

double level_number(int k) {
    return kFirst * std::pow(10.0, kDecades * k);
}

/// @param levels  ascending
/// @pre           neither eigenvector is flat
Section look_at(const Surface& s, int64_t i, int64_t j, int64_t rays, const std::vector<double>& levels) {
    Section section{.i = i, .j = j};
    for (const double level : levels) {
        const double b = 2 * level * s.minimum.value;
        const Radii radii = i == j ? *radii_along(s, i, b) : *radii_in_plane(s, i, j, b, rays);
        section.growth.levels.push_back(level);
        section.growth.departures.push_back(departure(radii));
    }
    section.fails = section.growth.level_of(kFails);
    return section;
}

}  // namespace

double highest_level() {
    return level_number(kLevels - 1);
}

double level_ratio() {
    return std::pow(10.0, kDecades);
}

double lowest_level(const Surface& s) {
    constexpr double kClose = 1e-3;  // of the ellipse's radius
    constexpr double kLeast = 1e-12, kStep = 10;
    const std::vector<int64_t> ranks = ranks_looked_at(s.curved());
    const auto is_close = [&](double level) {
        return std::ranges::all_of(ranks, [&](int64_t rank) {
            return departure(*radii_along(s, rank, 2 * level * s.minimum.value)) <= kClose;
        });
    };
    double level = kFirst;
    while (level > kLeast && !is_close(level)) level /= kStep;
    return level;
}

std::vector<int64_t> ranks_looked_at(int64_t curved) {
    constexpr int64_t kMost = 16;
    const int64_t count = std::min(kMost, curved);
    std::vector<int64_t> ranks;
    for (int64_t k = 0; k < count; ++k) ranks.push_back(count == 1 ? 0 : k * (curved - 1) / (count - 1));
    return ranks;
}

const Section& Sections::plane(int64_t i, int64_t j) const {
    const auto found = std::ranges::find_if(planes, [&](const Section& p) { return p.i == i && p.j == j; });
    TORCH_CHECK(found != planes.end(), "the plane was not looked at");
    return *found;
}

Sections look_everywhere(const Surface& s, int64_t rays, double lowest) {
    const std::vector<int64_t> ranks = ranks_looked_at(s.curved());
    const auto count = static_cast<int64_t>(ranks.size());
    core::Phase phase("contours", count * (count + 1) / 2, "planes");
    std::vector<double> levels;
    if (lowest < kFirst) levels.push_back(lowest);
    for (int k = 0; k < kLevels; ++k) levels.push_back(level_number(k));
    Sections sections;
    for (const int64_t i : ranks) {
        for (const int64_t j : ranks) {
            if (j < i) continue;
            (i == j ? sections.alone : sections.planes).push_back(look_at(s, i, j, rays, levels));
            phase.advance();
        }
    }
    return sections;
}

void Range::add(double level) {
    low = std::min(low, level);
    high = std::max(high, level);
    ++count;
}

Range range_of(const std::vector<Section>& planes, const std::function<bool(const Section&)>& wanted) {
    Range range;
    for (const Section& plane : planes) {
        if (wanted(plane)) range.add(plane.level());
    }
    return range;
}

Cause cause_of(const Sections& sections) {
    const auto alone = [&](int64_t rank) { return std::ranges::find(sections.alone, rank, &Section::i)->level(); };
    Cause cause{.weakest = std::ranges::min_element(sections.alone, {}, &Section::level)->i};
    cause.with = range_of(sections.planes, [&](const Section& p) { return p.contains(cause.weakest); });
    cause.without = range_of(sections.planes, [&](const Section& p) { return !p.contains(cause.weakest); });
    for (const Section& plane : sections.planes) {
        const double weaker = std::min(alone(plane.i), alone(plane.j)), factor = plane.level() / weaker;
        cause.together += std::isinf(weaker) && !std::isinf(plane.level()) ? 1 : 0;
        if (std::isfinite(factor) && factor > 0) cause.farthest = std::max({cause.farthest, factor, 1 / factor});
    }
    return cause;
}

Blame blame_by(const Sections& sections, double level) {
    Blame blame;
    for (const Section& one : sections.alone) {
        if (one.level() <= level) blame.weak.push_back(one.i);
    }
    for (const Section& plane : sections.planes) {
        const bool fails = plane.level() <= level;
        const bool weak = std::ranges::any_of(blame.weak, [&](int64_t rank) { return plane.contains(rank); });
        blame.failing += fails ? 1 : 0;
        blame.explained += fails && weak ? 1 : 0;
        blame.spared += !fails && weak ? 1 : 0;
    }
    return blame;
}

double level_by_third_derivative(const Surface& s, int64_t rank) {
    const at::Tensor v = s.eigen.vectors.select(1, rank);
    constexpr double kNear = 1e-8;  // (C - E*) / E* at both ends of the difference
    const std::optional<double> step = s.axis(rank, 2 * kNear * s.minimum.value);
    TORCH_CHECK(step, "a flat direction has no contour");
    const auto curvature = [&](double at) {
        return v.dot(hessian_times(s.error, s.minimum.w + at * v, v)).item<double>();
    };
    const double third = (curvature(*step) - curvature(-*step)) / (2 * *step);
    const double lambda = s.eigen.values[rank].item<double>();
    return std::pow(6 * kFails / third, 2) * std::pow(lambda, 3) / (2 * s.minimum.value);
}

}  // namespace kaziranga::studies
