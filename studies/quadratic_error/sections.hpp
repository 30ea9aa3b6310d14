#pragma once

#include "studies/quadratic_error/contours.hpp"

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <vector>

namespace kaziranga::studies {

/// Mean departure at which the quadratic picture is called wrong.
inline constexpr double kFails = 0.1;

/// The largest (C - E*) / E* that is looked at.
double highest_level();

/// Of a level over the one before it, but for the lowest.
double level_ratio();

/// A level so close to the minimum that along any eigenvector the contour lies within a thousandth of the ellipse, or
/// the lowest one that rounding leaves room for.
double lowest_level(const Surface& surface);

/// What is seen of a surface along one eigenvector, or in the plane of two.
struct Section {
    int64_t i = 0, j = 0;  ///< ranks of their eigenvalues from the largest; the same for one alone
    Growth growth;
    std::optional<double> fails = {};  ///< level

    bool contains(int64_t rank) const { return i == rank || j == rank; }
    /// Where it fails; infinity where it does not within the levels.
    double level() const { return fails.value_or(std::numeric_limits<double>::infinity()); }
};

/// The eigenvectors that are looked at, of those that are not flat: all of a few, some of many, evenly by rank.
std::vector<int64_t> ranks_looked_at(int64_t curved);

/// Every one of those eigenvectors alone, and every plane of two.
struct Sections {
    std::vector<Section> alone, planes;

    const Section& plane(int64_t i, int64_t j) const;
};

/// @param rays    in a plane
/// @param lowest  level that is looked at first
Sections look_everywhere(const Surface& surface, int64_t rays, double lowest);

/// From the lowest to the highest level at which some planes fail.
struct Range {
    double low = std::numeric_limits<double>::infinity(), high = 0;
    int64_t count = 0;  ///< of planes

    void add(double level);
};
Range range_of(const std::vector<Section>& planes, const std::function<bool(const Section&)>& wanted);

/// Which eigenvector makes planes fail: the one that fails first alone; where the planes with it fail, and all others.
struct Cause {
    int64_t weakest = 0;  ///< its rank
    Range with, without;
    double farthest = 1;   ///< factor between a plane's level and that of the weaker of its eigenvectors alone, at most
    int64_t together = 0;  ///< planes that fail though neither of their eigenvectors does alone
};
/// @pre there is an eigenvector
Cause cause_of(const Sections& sections);

/// Whether eigenvectors that fail alone by a level are why planes do.
struct Blame {
    std::vector<int64_t> weak;  ///< ranks of the eigenvectors that fail alone by then
    int64_t failing = 0;        ///< planes that do
    int64_t explained = 0;      ///< failing planes with a weak eigenvector
    int64_t spared = 0;         ///< planes with a weak eigenvector that do not fail
};
Blame blame_by(const Sections& sections, double level);

/// Where one eigenvector alone fails if the error has three derivatives along it and no more: E = E* + λ/2 s² + c/6 s³
/// meets the level B/2 above E* at s = ±√(B/λ) - c B / (6 λ²) to the first order in c, so that the departure is
/// |c| √B / (6 λ^1.5).
/// @pre     the eigenvector is not flat
/// @return  (C - E*) / E*
double level_by_third_derivative(const Surface& surface, int64_t rank);

}  // namespace kaziranga::studies
