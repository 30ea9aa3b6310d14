#pragma once

#include "studies/quadratic_error/contours.hpp"

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <vector>

namespace kaziranga::studies {

/// Mean departure at which the quadratic approximation counts as wrong.
inline constexpr double kFails = 0.1;

/// The largest (C - E*) / E* that is examined.
double highest_level();

/// The ratio of a level to the previous one, except for the lowest.
double level_ratio();

/// A level so close to the minimum that along any eigenvector the contour lies within a thousandth of the ellipse; or
/// the lowest level that rounding permits.
double lowest_level(const Surface& surface);

/// The results for a surface along one eigenvector, or in the plane of two.
struct Section {
    int64_t i = 0, j = 0;  ///< ranks of their eigenvalues from the largest; equal for a single one
    Growth growth;
    std::optional<double> fails = {};  ///< level at which it fails

    bool contains(int64_t rank) const { return i == rank || j == rank; }
    /// The level at which it fails; infinity if it does not fail within the levels.
    double level() const { return fails.value_or(std::numeric_limits<double>::infinity()); }
};

/// The ranks of the examined eigenvectors among those that are not flat: all if they are few, else evenly spaced ones.
std::vector<int64_t> ranks_looked_at(int64_t curved);

/// Each examined eigenvector alone, and each plane of two.
struct Sections {
    std::vector<Section> alone, planes;

    const Section& plane(int64_t i, int64_t j) const;
};

/// @param rays    per plane
/// @param lowest  first level that is examined
Sections look_everywhere(const Surface& surface, int64_t rays, double lowest);

/// The lowest and the highest level at which some planes fail.
struct Range {
    double low = std::numeric_limits<double>::infinity(), high = 0;
    int64_t count = 0;  ///< number of planes

    void add(double level);
};
Range range_of(const std::vector<Section>& planes, const std::function<bool(const Section&)>& wanted);

/// The eigenvector that makes planes fail: the first to fail alone. The levels of planes with it, and of all others.
struct Cause {
    int64_t weakest = 0;  ///< its rank
    Range with, without;
    double farthest = 1;   ///< largest factor between a plane's level and that of the weaker of its eigenvectors alone
    int64_t together = 0;  ///< planes that fail although neither of their eigenvectors fails alone
};
/// @pre there is an eigenvector
Cause cause_of(const Sections& sections);

/// Counts to what extent eigenvectors that fail alone up to a level explain the planes that fail.
struct Blame {
    std::vector<int64_t> weak;  ///< ranks of the eigenvectors that fail alone up to this level
    int64_t failing = 0;        ///< planes that fail up to this level
    int64_t explained = 0;      ///< failing planes with a weak eigenvector
    int64_t spared = 0;         ///< planes with a weak eigenvector that do not fail
};
Blame blame_by(const Sections& sections, double level);

/// The level at which one eigenvector alone fails if the error along it is a cubic polynomial: E = E* + λ/2 s² + c/6 s³
/// reaches the level B/2 above E* at s = ±√(B/λ) - c B / (6 λ²) to first order in c, so that the departure is
/// |c| √B / (6 λ^1.5).
/// @pre     the eigenvector is not flat
/// @return  (C - E*) / E*
double level_by_third_derivative(const Surface& surface, int64_t rank);

}  // namespace kaziranga::studies
