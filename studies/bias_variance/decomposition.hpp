#pragma once

#include "evaluation/intervals.hpp"

#include <vector>

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

namespace kaziranga::studies {

/// An estimate from R learners together, and the estimates with each of them left out: Efron's jackknife. Estimates
/// from learners of the same training sets are paired: their difference varies less than each of them.
struct Estimate {
    double value = 0;
    std::vector<double> left_out;

    /// The confidence interval over learners, which means over training sets and starting weights.
    evaluation::Interval interval(double confidence) const;
};

/// @param a, b  from the same number of learners, of the same training sets in the same order
Estimate operator-(const Estimate& a, const Estimate& b);

/// Squared error of a learner over random training sets and starting weights, in three parts:
///     bias² = E_x (E_f f(x) - truth(x))²      variance = E_x E_f (f(x) - E_f f(x))²      noise
/// Bias² and variance come from the same predictions, each without bias, so their sum is exactly the predictions' mean
/// squared distance from the truth, for any learners. That they and the noise add up to the error on fresh labels
/// therefore tests these labels, the independence of their noise from the predictions, and the bookkeeping. It does not
/// show if the learners are trained, or if bias and variance are separated correctly.
/// Source: Geman, Bienenstock and Doursat 1992, "Neural Networks and the Bias/Variance Dilemma"
struct SquaredParts {
    Estimate bias2, variance;
    Estimate error;                         ///< measured on fresh noisy labels
    double noise = 0, noise_deviation = 0;  ///< from pairs of labels, and the standard error of this estimate
    double farthest_share = 0;  ///< share of the variance from the 5 % of the learners farthest from their mean

    evaluation::Interval noise_interval(double confidence) const;
    /// error - (bias² + variance + noise), whose true value is 0; the interval is over learners and labels.
    evaluation::Interval gap(double confidence) const;
};

/// @param predictions  [R, T], of R learners at T places     @param truth  [T]
/// @param labels       [R, T], truth plus noise, drawn separately for each learner
/// @param repeated     [2, M], pairs of labels of the same places, from which the noise is estimated
SquaredParts squared_parts(const at::Tensor& predictions, const at::Tensor& truth, const at::Tensor& labels,
                           const at::Tensor& repeated);

/// The share of wrong classes in parts that add up exactly if labels have no noise:
///     error = bias + unbiased variance - helpful variance
/// A place's main class is the most frequent prediction, the first on a tie. Bias: places whose main class is wrong.
/// Unbiased variance: predictions other than a right main class. Helpful variance: right predictions where the main
/// class is wrong. The main class is from the same learners, so the unbiased variance of few is a little too small.
/// Source: Domingos 2000, "A Unified Bias-Variance Decomposition", with his factor for several classes
struct ZeroOneParts {
    at::Tensor bias, unbiased_variance, helpful_variance, error;  ///< [T] float64, of each place
};

/// @param predictions  [R, T] int64 classes below `classes`     @param labels  [T] int64
ZeroOneParts zero_one_parts(const at::Tensor& predictions, const at::Tensor& labels, int64_t classes);

/// The number of times that each learner and each place is drawn in many resamples of both: a bootstrap over learners
/// (training sets) and places together, which makes intervals a little too wide rather than too narrow.
/// Source: Owen 2007, "The pigeonhole bootstrap"
struct Resamples {
    at::Tensor learners;  ///< [B, R] float64, each row sums to R
    at::Tensor places;    ///< [B, T] float64, each row sums to T
};

/// @param group  consecutive places that are drawn together, because they are similar; divides the number of places
Resamples draw_resamples(int64_t learners, int64_t places, int64_t group, const at::Generator& from);

/// The means of the parts over places, in each resample: [B] each. Settings with the same training sets and test places
/// are paired if they use the same resamples.
ZeroOneParts resampled(const at::Tensor& predictions, const at::Tensor& labels, int64_t classes,
                       const Resamples& resamples);

/// The normal confidence interval of an estimate, from the spread of its values in resamples [B].
evaluation::Interval bootstrap_interval(double estimate, const at::Tensor& in_resamples, double confidence);

}  // namespace kaziranga::studies
