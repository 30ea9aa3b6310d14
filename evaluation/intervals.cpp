#include "evaluation/intervals.hpp"

#include <cmath>
#include <numbers>

#include <ATen/ops/scalar_tensor.h>
#include <ATen/ops/special_ndtri.h>
#include <c10/util/Exception.h>

namespace kaziranga::evaluation {
namespace {

/// Probability that Student's t lies within ±t, where tan(angle) = t / sqrt(degrees). For integer degrees of freedom
/// the incomplete beta function is a finite sum of positive terms, so there is no cancellation.
double central_probability(double angle, int64_t degrees) {
    const bool odd = degrees % 2 == 1;
    const double sine = std::sin(angle), cosine = std::cos(angle), square = cosine * cosine;
    double term = odd ? cosine : 1, sum = 0;
    for (int64_t k = odd ? 1 : 0; k <= degrees - 2; k += 2) {
        sum += term;
        term *= square * static_cast<double>(k + 1) / static_cast<double>(k + 2);
        if (term < sum * 1e-18) break;
    }
    return odd ? 2 / std::numbers::pi * (angle + sine * sum) : sine * sum;
}

/// Mean of the values, and its standard error: their standard deviation over the square root of their number.
struct Moments {
    double mean = 0;
    double standard_error = 0;
};

Moments moments(const std::vector<double>& values) {
    TORCH_CHECK(values.size() >= 2, "an interval takes two values");
    const auto n = static_cast<double>(values.size());
    Moments result;
    for (const double value : values) result.mean += value / n;
    double squares = 0;
    for (const double value : values) squares += (value - result.mean) * (value - result.mean);
    result.standard_error = std::sqrt(squares / (n - 1) / n);
    return result;
}

double upper(double confidence) {
    TORCH_CHECK(confidence > 0 && confidence < 1, "a confidence lies between 0 and 1");
    return (1 + confidence) / 2;
}

}  // namespace

double student_t_quantile(double p, int64_t degrees) {
    TORCH_CHECK(p > 0 && p < 1 && degrees >= 1, "quantile of p in (0, 1), of one degree of freedom or more");
    const double wanted = std::abs(2 * p - 1);
    double low = 0, high = std::numbers::pi / 2;
    for (double middle = (low + high) / 2; low < middle && middle < high; middle = (low + high) / 2) {
        (central_probability(middle, degrees) < wanted ? low : high) = middle;
    }
    return std::copysign(std::sqrt(static_cast<double>(degrees)) * std::tan(low), p - 0.5);
}

double normal_quantile(double p) {
    TORCH_CHECK(p > 0 && p < 1, "quantile of p in (0, 1)");
    return at::special_ndtri(at::scalar_tensor(p, at::kDouble)).item<double>();
}

Interval student_interval(const std::vector<double>& values, double confidence) {
    const auto [mean, standard_error] = moments(values);
    return {mean, standard_error * student_t_quantile(upper(confidence), static_cast<int64_t>(values.size()) - 1)};
}

Interval normal_interval(const std::vector<double>& values, double confidence) {
    const auto [mean, standard_error] = moments(values);
    return {mean, standard_error * normal_quantile(upper(confidence))};
}

Interval share_interval(double share, int64_t n, double confidence) {
    TORCH_CHECK(share >= 0 && share <= 1 && n >= 1, "a share of one trial or more");
    return {share, normal_quantile(upper(confidence)) * std::sqrt(share * (1 - share) / static_cast<double>(n))};
}

Interval difference(const Interval& a, const Interval& b) {
    return {a.mean - b.mean, std::hypot(a.half_width, b.half_width)};
}

}  // namespace kaziranga::evaluation
