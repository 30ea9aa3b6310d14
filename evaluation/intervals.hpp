#pragma once

#include <cstdint>
#include <vector>

namespace kaziranga::evaluation {

/// A mean and the half width of its confidence interval, in the unit of the values.
struct Interval {
    double mean = 0;
    double half_width = 0;

    double low() const { return mean - half_width; }
    double high() const { return mean + half_width; }
};

/// The quantile of Student's t: t lies below it with probability `p`. Exact for integer degrees of freedom.
/// @param p  in (0, 1)     @param degrees  >= 1
/// Source: Abramowitz and Stegun 1964, 26.7.3 and 26.7.4, inverted by bisection
double student_t_quantile(double p, int64_t degrees);

/// The quantile of the standard normal distribution: the variable lies below it with probability `p` in (0, 1).
double normal_quantile(double p);

/// The confidence interval of the mean of a few independent, approximately normal values, such as the top-1 of runs
/// with different seeds: Student's t.
/// @param values  at least 2     @param confidence  in (0, 1)
Interval student_interval(const std::vector<double>& values, double confidence);

/// The confidence interval of the mean of many values of any distribution, such as the differences between two
/// classifiers image by image: the central limit theorem.
/// @param values  at least 2     @param confidence  in (0, 1)
Interval normal_interval(const std::vector<double>& values, double confidence);

/// Confidence interval of a share of hits, by the normal approximation of the binomial; too narrow for few hits or
/// misses.
/// @param share  in [0, 1]     @param n  trials, at least 1     @param confidence  in (0, 1)
Interval share_interval(double share, int64_t n, double confidence);

/// The interval of the difference of two independent estimates, whose half widths have the same confidence.
Interval difference(const Interval& a, const Interval& b);

}  // namespace kaziranga::evaluation
