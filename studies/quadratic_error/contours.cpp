#include "studies/quadratic_error/contours.hpp"

#include "core/interrupt.hpp"
#include "studies/common/compare.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/full.h>
#include <ATen/ops/linspace.h>
#include <ATen/ops/nonzero.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/where.h>
#include <ATen/ops/zeros.h>
#include <c10/core/GradMode.h>

namespace kaziranga::studies {
namespace {

using at::Tensor;

/// The distances at which the error first reaches the level along rays from the minimum.
/// @param directions  [K, P]
/// @return            [K] in lengths of the directions; infinity if the level is not reached within kFarthest
Tensor reach(const Surface& s, const Tensor& directions, double level) {
    const at::NoGradGuard no_grad;
    const auto above = [&](const Tensor& along, const Tensor& r) {
        return s.error(s.minimum.w + r.unsqueeze(1) * along) >= level;
    };
    constexpr double kStride = 0.1;
    const auto strides = static_cast<int64_t>(std::lround(kFarthest / kStride));
    Tensor found = at::full({directions.size(0)}, std::numeric_limits<double>::infinity(), at::kDouble);
    Tensor left = at::arange(directions.size(0));  // rays that have not reached the level
    for (int64_t stride = 1; stride <= strides && left.numel() > 0; ++stride) {
        core::throw_if_interrupted();
        const double high = kStride * static_cast<double>(stride);
        const Tensor there = above(directions.index_select(0, left), at::full({left.numel()}, high, at::kDouble));
        found.index_fill_(0, left.index({there}), high);
        left = left.index({there.logical_not()});
    }
    const Tensor reached = at::nonzero(found.isfinite()).flatten();
    const Tensor along = directions.index_select(0, reached);
    Tensor high = found.index_select(0, reached), low = high - kStride;
    constexpr int kHalvings = 30;
    for (int i = 0; i < kHalvings; ++i) {
        const Tensor middle = (low + high) / 2, up = above(along, middle);
        low = at::where(up, low, middle);
        high = at::where(up, middle, high);
    }
    found.index_copy_(0, reached, (low + high) / 2);
    return found;
}

Radii radii_of(const Surface& s, const Tensor& directions, double b) {
    Radii radii;
    for (const Tensor& some : directions.split(s.rays_at_once)) {
        const std::vector<double> found = values_of(reach(s, some, s.minimum.value + b / 2));
        radii.insert(radii.end(), found.begin(), found.end());
    }
    return radii;
}

}  // namespace

std::optional<double> semi_axis(double b, double eigenvalue, double flat) {
    if (!(eigenvalue > flat) || eigenvalue <= 0) return std::nullopt;
    return std::sqrt(b / eigenvalue);
}

int64_t Surface::curved() const {
    return (eigen.values > std::max(flat, 0.0)).sum().item<int64_t>();
}

std::optional<double> Surface::axis(int64_t rank, double b) const {
    return semi_axis(b, eigen.values[rank].item<double>(), flat);
}

double departure(const Radii& radii) {
    double sum = 0;
    for (const double radius : radii) sum += std::abs(std::min(radius, kFarthest) - 1);
    return sum / static_cast<double>(radii.size());
}

std::optional<Radii> radii_in_plane(const Surface& s, int64_t i, int64_t j, double b, int64_t rays) {
    const auto first = s.axis(i, b), second = s.axis(j, b);
    if (!first || !second) return std::nullopt;
    const Tensor angles = at::arange(rays, at::kDouble) * (2 * std::numbers::pi / static_cast<double>(rays));
    const auto along = [&](const Tensor& share, int64_t rank, double length) {
        return share.unsqueeze(1) * (s.eigen.vectors.select(1, rank) * length);
    };
    return radii_of(s, along(angles.cos(), i, *first) + along(angles.sin(), j, *second), b);
}

std::optional<Radii> radii_along(const Surface& s, int64_t rank, double b) {
    const auto length = s.axis(rank, b);
    if (!length) return std::nullopt;
    const Tensor end = s.eigen.vectors.select(1, rank) * *length;
    return radii_of(s, at::stack({end, -end}), b);
}

std::optional<double> Growth::level_of(double limit) const {
    if (!levels.empty() && departures.front() >= limit) return levels.front();
    for (size_t i = 1; i < levels.size(); ++i) {
        if (departures[i - 1] >= limit || departures[i] < limit) continue;
        const double share = std::log(limit / departures[i - 1]) / std::log(departures[i] / departures[i - 1]);
        return levels[i - 1] * std::pow(levels[i] / levels[i - 1], share);
    }
    return std::nullopt;
}

}  // namespace kaziranga::studies
