#pragma once

#include <cstdint>
#include <vector>

namespace kaziranga::evaluation {

/// A mean and how far the true one may lie from it, in the unit of the values.
struct Interval {
    double mean = 0;
    double half_width = 0;

    double low() const { return mean - half_width; }
    double high() const { return mean + half_width; }
};

/// The value that Student's t falls below with probability `p`, exact for whole degrees of freedom.
/// @param p  in (0, 1)     @param degrees  >= 1
/// Source: Abramowitz and Stegun 1964, 26.7.3 and 26.7.4, inverted by bisection
double student_t_quantile(double p, int64_t degrees);

/// The value that a standard normal variable falls below with probability `p` in (0, 1).
double normal_quantile(double p);

/// Of the mean of a few values that are drawn independently and about normal, such as the top-1 of runs with other
/// seeds: Student's t.
/// @param values  at least 2     @param confidence  in (0, 1)
Interval student_interval(const std::vector<double>& values, double confidence);

/// Of the mean of many values of whatever distribution, such as the differences between two classifiers image by image:
/// the central limit theorem.
/// @param values  at least 2     @param confidence  in (0, 1)
Interval normal_interval(const std::vector<double>& values, double confidence);

/// Of a share of hits, by the normal approximation of the binomial; too narrow where hits or misses are a handful.
/// @param share  in [0, 1]     @param n  trials, at least 1     @param confidence  in (0, 1)
Interval share_interval(double share, int64_t n, double confidence);

/// Of the difference of two independent estimates, whose half widths are of the same confidence.
Interval difference(const Interval& a, const Interval& b);

}  // namespace kaziranga::evaluation
