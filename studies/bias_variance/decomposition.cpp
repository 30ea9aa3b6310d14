#include "studies/bias_variance/decomposition.hpp"

#include <algorithm>
#include <cmath>

#include <ATen/ops/one_hot.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/randint.h>
#include <ATen/ops/where.h>
#include <ATen/ops/zeros.h>
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
    // The mean of finitely many learners varies around the true mean, and the naive bias² counts this as bias.
    const Tensor bias2 = (predictions.mean(0) - truth).square() - variance / learners;
    return {bias2.mean().item<double>(), variance.mean().item<double>(),
            (predictions - labels).square().mean().item<double>()};
}

Tensor without(const Tensor& rows, int64_t i) {
    return at::cat({rows.narrow(0, 0, i), rows.narrow(0, i + 1, rows.size(0) - i - 1)});
}

double share_of_farthest(const Tensor& predictions) {
    const Tensor apart = (predictions - predictions.mean(0)).square().mean(1);
    constexpr int64_t kTwentieth = 20;
    const int64_t few = std::max<int64_t>(1, apart.size(0) / kTwentieth);
    return (std::get<0>(apart.topk(few)).sum() / apart.sum()).item<double>();
}

/// The number of times that each of `count` is drawn in each resample.
Tensor times_drawn(int64_t resamples, int64_t count, const at::Generator& from) {
    const Tensor drawn = at::randint(count, {resamples, count}, from, at::TensorOptions(at::kLong));
    return at::zeros({resamples, count}, at::kDouble).scatter_add_(1, drawn, at::ones({resamples, count}, at::kDouble));
}

/// @param shares  [..., T, K], shares of the predictions at each place     @param labels  [T]
ZeroOneParts parts_of(const Tensor& shares, const Tensor& labels) {
    const auto [most, main] = shares.max(-1);
    std::vector<int64_t> sizes = most.sizes().vec();
    sizes.push_back(1);
    const Tensor of_label = labels.unsqueeze(-1).expand(sizes);
    const Tensor right = shares.gather(-1, of_label).squeeze(-1), biased = main != labels;
    const Tensor nothing = at::zeros_like(right);
    return {.bias = biased.to(at::kDouble),
            .unbiased_variance = at::where(biased, nothing, 1 - most),
            .helpful_variance = at::where(biased, right, nothing),
            .error = 1 - right};
}

}  // namespace

Interval Estimate::interval(double confidence) const {
    const auto n = static_cast<double>(left_out.size());
    double mean = 0, squares = 0;
    for (const double x : left_out) mean += x / n;
    for (const double x : left_out) squares += (x - mean) * (x - mean);
    const double deviation = std::sqrt((n - 1) / n * squares);
    const double quantile =
        evaluation::student_t_quantile((1 + confidence) / 2, static_cast<int64_t>(left_out.size()) - 1);
    return {value, quantile * deviation};
}

Estimate operator-(const Estimate& a, const Estimate& b) {
    TORCH_CHECK(a.left_out.size() == b.left_out.size(), "estimates of other learners are not paired");
    Estimate difference{a.value - b.value, a.left_out};
    for (size_t i = 0; i < b.left_out.size(); ++i) difference.left_out[i] -= b.left_out[i];
    return difference;
}

Interval SquaredParts::noise_interval(double confidence) const {
    return {noise, evaluation::normal_quantile((1 + confidence) / 2) * noise_deviation};
}

Interval SquaredParts::gap(double confidence) const {
    return evaluation::difference((error - bias2 - variance).interval(confidence), noise_interval(confidence));
}

SquaredParts squared_parts(const Tensor& predictions, const Tensor& truth, const Tensor& labels,
                           const Tensor& repeated) {
    const int64_t learners = predictions.size(0);
    TORCH_CHECK(learners >= 3, "too few learners to leave one out");
    SquaredParts parts;
    // Two labels of one place differ only by noise: the mean of half the squared difference is its variance.
    const Tensor halves = (repeated[0] - repeated[1]).square() / 2;
    parts.noise = halves.mean().item<double>();
    parts.noise_deviation = halves.std().item<double>() / std::sqrt(static_cast<double>(halves.numel()));
    parts.farthest_share = share_of_farthest(predictions);
    const Point all = estimate(predictions, truth, labels);
    parts.bias2.value = all.bias2;
    parts.variance.value = all.variance;
    parts.error.value = all.error;
    for (int64_t i = 0; i < learners; ++i) {
        const Point left = estimate(without(predictions, i), truth, without(labels, i));
        parts.bias2.left_out.push_back(left.bias2);
        parts.variance.left_out.push_back(left.variance);
        parts.error.left_out.push_back(left.error);
    }
    return parts;
}

ZeroOneParts zero_one_parts(const Tensor& predictions, const Tensor& labels, int64_t classes) {
    return parts_of(at::one_hot(predictions, classes).to(at::kDouble).mean(0), labels);
}

Resamples draw_resamples(int64_t learners, int64_t places, int64_t group, const at::Generator& from) {
    TORCH_CHECK(places % group == 0, "groups of one size");
    constexpr int64_t kResamples = 400;
    const Tensor of_learners = times_drawn(kResamples, learners, from);
    return {of_learners, times_drawn(kResamples, places / group, from).repeat_interleave(group, 1)};
}

ZeroOneParts resampled(const Tensor& predictions, const Tensor& labels, int64_t classes, const Resamples& resamples) {
    const int64_t learners = predictions.size(0), places = predictions.size(1);
    const Tensor votes = at::one_hot(predictions, classes).to(at::kDouble).flatten(1);  // [R, T K]
    const Tensor shares = resamples.learners.matmul(votes).div_(learners).view({-1, places, classes});
    const ZeroOneParts of_places = parts_of(shares, labels);
    const auto mean = [&](const Tensor& part) { return (part * resamples.places).mean(1); };
    return {mean(of_places.bias), mean(of_places.unbiased_variance), mean(of_places.helpful_variance),
            mean(of_places.error)};
}

Interval bootstrap_interval(double estimate, const Tensor& in_resamples, double confidence) {
    return {estimate, evaluation::normal_quantile((1 + confidence) / 2) * in_resamples.std().item<double>()};
}

}  // namespace kaziranga::studies
