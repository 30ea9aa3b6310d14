#pragma once

#include "studies/quadratic_error/curvature.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

namespace kaziranga::studies {

/// Length of the ellipsoid's axis along an eigenvector, √(B / λ) with B = 2 (C - E*). None if the error is flat or
/// falls in that direction.
/// @param flat  an eigenvalue no larger than this counts as zero
std::optional<double> semi_axis(double b, double eigenvalue, double flat);

/// The error around a minimum.
struct Surface {
    Objective error;  ///< also takes [K, P], and then returns [K]
    Minimum minimum;
    Eigen eigen;
    double flat = 0;           ///< an eigenvalue no larger than this counts as zero
    int64_t rays_at_once = 0;  ///< the largest K, to limit memory

    int64_t dimensions() const { return eigen.values.numel(); }
    int64_t curved() const;  ///< number of eigenvalues that are not flat; these come first
    std::optional<double> axis(int64_t rank, double b) const;
};

/// If a direction has no contour within this many axes, its contour counts as being at this distance.
inline constexpr double kFarthest = 4;

/// Distances at which rays from the minimum first reach a level, in units of the ellipse's own radius: 1 if the
/// quadratic form is exact, infinity if the level is not reached within kFarthest.
using Radii = std::vector<double>;

/// Mean distance from the ellipse, relative to its radius.
double departure(const Radii& radii);

/// The level C = E* + B/2 in the plane of two eigenvectors, given by rank from the largest eigenvalue, along evenly
/// spaced rays; none if one of them has no axis.
std::optional<Radii> radii_in_plane(const Surface& surface, int64_t i, int64_t j, double b, int64_t rays);

/// The same along one eigenvector, in both directions: [2].
std::optional<Radii> radii_along(const Surface& surface, int64_t rank, double b);

/// The departure as a function of the level.
struct Growth {
    std::vector<double> levels, departures;  ///< (C - E*) / E*, ascending; mean departure

    /// Level at which the departure first reaches `limit`, linearly interpolated between two levels in logarithms; none
    /// if it is not reached within the levels.
    std::optional<double> level_of(double limit) const;
};

}  // namespace kaziranga::studies
