#pragma once

#include <cstdint>
#include <functional>

namespace kaziranga::studies {

/// A straight line a + b x fitted to points (x, truth(x) + noise), x uniform in [0, 1]: minimises the mean squared
/// error plus weight_decay times b².
struct LineProblem {
    std::function<double(double)> truth;  ///< odd about 1/2
    int64_t points = 40;                  ///< at least kLeastPoints
    double noise = 0.3;                   ///< standard deviation
    double weight_decay = 0;
};

/// With fewer points, the slope's moments are spread over scales that the quadrature does not reach.
inline constexpr int64_t kLeastPoints = 8;

struct ExpectedLine {
    double slope = 0;  ///< mean slope; the truth is odd, so the mean line is slope (x - 1/2)
    double bias2 = 0, variance = 0;
};

/// Exact for finitely many points, over random places and noise, up to the quadrature's error of about 1e-9.
///
/// Let U, V, W, Q be the sums of x - c, f, (x - c) f, (x - c)² over the points, S = Q - U²/n and A = W - U V/n. Then
/// the slope is A / (S + n weight_decay). It and the height at 1/2 are ratios of sums over independent points. With
///     1 / D = ∫ exp(-s D) ds,     1 / D² = ∫ s exp(-s D) ds,     s from 0 to infinity,
///     exp(-s S) = √(n s / π) ∫ exp(-s Σ (x - c)²) dc
/// their means become integrals over one point's x: a mean of a product of sums is a sum over the ways to share points
/// among factors. The noise enters by its variance. Derived here; the first identity is usual for moments of ratios
/// (Cressie, Davis, Folks and Policello 1981, "The Moment-Generating Function and Negative Integer Moments").
/// @param places  number of equal parts of [0, 1]; bias² and variance are means over their midpoints
ExpectedLine expected_line(const LineProblem& problem, int64_t places);

}  // namespace kaziranga::studies
