#pragma once

#include "studies/quadratic_error/curvature.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

namespace kaziranga::studies {

/// Length of the ellipsoid's axis along an eigenvector, √(B / λ) with B = 2 (C - E*): none where the error is flat or
/// falls in that direction.
/// @param flat  an eigenvalue no larger than this counts as zero
std::optional<double> semi_axis(double b, double eigenvalue, double flat);

/// The error around a minimum.
struct Surface {
    Objective error;  ///< takes [K, P] too, and gives [K] then
    Minimum minimum;
    Eigen eigen;
    double flat = 0;           ///< an eigenvalue no larger than this counts as zero
    int64_t rays_at_once = 0;  ///< K at most, so that memory stays bounded

    int64_t dimensions() const { return eigen.values.numel(); }
    int64_t curved() const;  ///< eigenvalues that are not flat, the first of them all
    std::optional<double> axis(int64_t rank, double b) const;
};

/// A direction without a contour within so many axes counts as one whose contour is there.
inline constexpr double kFarthest = 4;

/// Where a level is first reached along rays from the minimum, in units of the ellipse's own radius: 1 where the
/// quadratic form is right, infinity where the level is not reached within kFarthest.
using Radii = std::vector<double>;

/// Mean distance from the ellipse, on its own scale.
double departure(const Radii& radii);

/// The level C = E* + B/2 in the plane of two eigenvectors, by rank from the largest eigenvalue, along evenly spaced
/// rays; none where one of them has no axis.
std::optional<Radii> radii_in_plane(const Surface& surface, int64_t i, int64_t j, double b, int64_t rays);

/// The same along one eigenvector, forwards and backwards: [2].
std::optional<Radii> radii_along(const Surface& surface, int64_t rank, double b);

/// How the departure grows with the level.
struct Growth {
    std::vector<double> levels, departures;  ///< (C - E*) / E*, ascending; mean departure

    /// Level at which the departure first reaches `limit`, between two levels by a straight line of logarithms; none
    /// where it does not within the levels.
    std::optional<double> level_of(double limit) const;
};

}  // namespace kaziranga::studies
