#include "studies/decomposition.hpp"

#include "studies/compare.hpp"

#include <cmath>
#include <vector>

#include <ATen/ops/where.h>
#include <ATen/ops/zeros_like.h>
#include <c10/util/Exception.h>

namespace kaziranga::studies {
namespace {

using at::Tensor;
using evaluation::Interval;

struct Point {
    double bias2 = 0, variance = 0, error = 0;
};

Point estimate(const Tensor& predictions, const Tensor& truth, const Tensor& labels) {
    const auto learners = static_cast<double>(predictions.size(0));
    const Tensor variance = predictions.var(0, /*unbiased=*/true);
    // The mean of finitely many learners scatters about the true mean, which the naive bias² counts as bias.
    const Tensor bias2 = (predictions.mean(0) - truth).square() - variance / learners;
    return {bias2.mean().item<double>(), variance.mean().item<double>(),
            (predictions - labels).square().mean().item<double>()};
}

Tensor without(const Tensor& rows, int64_t i) {
    return at::cat({rows.narrow(0, 0, i), rows.narrow(0, i + 1, rows.size(0) - i - 1)});
}

/// Of an estimate and what it comes to with each learner left out (Efron's jackknife).
Interval jackknife(double all, const std::vector<double>& left_out, double confidence) {
    const auto n = static_cast<double>(left_out.size());
    double mean = 0, squares = 0;
    for (const double x : left_out) mean += x / n;
    for (const double x : left_out) squares += (x - mean) * (x - mean);
    const double deviation = std::sqrt((n - 1) / n * squares);
    const double quantile =
        evaluation::student_t_quantile((1 + confidence) / 2, static_cast<int64_t>(left_out.size()) - 1);
    return {all, quantile * deviation};
}

}  // namespace

SquaredParts squared_parts(const Tensor& predictions, const Tensor& truth, const Tensor& labels, const Tensor& repeated,
                           double confidence) {
    const int64_t learners = predictions.size(0);
    TORCH_CHECK(learners >= 3, "too few learners to leave one out");
    SquaredParts parts;
    // Two labels of one place differ by their noise alone: half the squared difference has its variance for a mean.
    parts.noise = evaluation::normal_interval(values_of((repeated[0] - repeated[1]).square() / 2), confidence);
    const Point all = estimate(predictions, truth, labels);
    std::vector<double> bias2, variance, error, rest;
    for (int64_t i = 0; i < learners; ++i) {
        const Point left = estimate(without(predictions, i), truth, without(labels, i));
        bias2.push_back(left.bias2);
        variance.push_back(left.variance);
        error.push_back(left.error);
        rest.push_back(left.error - left.bias2 - left.variance);
    }
    parts.bias2 = jackknife(all.bias2, bias2, confidence);
    parts.variance = jackknife(all.variance, variance, confidence);
    parts.error = jackknife(all.error, error, confidence);
    const Interval remainder = jackknife(all.error - all.bias2 - all.variance, rest, confidence);
    parts.gap = {remainder.mean - parts.noise.mean, std::hypot(remainder.half_width, parts.noise.half_width)};
    return parts;
}

evaluation::Interval over_places(const Tensor& x, double confidence) {
    return evaluation::normal_interval(values_of(x), confidence);
}

ZeroOneParts zero_one_parts(const Tensor& predictions, const Tensor& labels) {
    const Tensor main = std::get<0>(predictions.mode(0));
    const Tensor biased = main != labels;
    const Tensor astray = (predictions != main).to(at::kDouble).mean(0);
    const Tensor right = (predictions == labels).to(at::kDouble).mean(0);
    const Tensor nothing = at::zeros_like(right);
    return {.bias = biased.to(at::kDouble),
            .unbiased_variance = at::where(biased, nothing, astray),
            .helpful_variance = at::where(biased, right, nothing),
            .error = 1 - right};
}

}  // namespace kaziranga::studies
