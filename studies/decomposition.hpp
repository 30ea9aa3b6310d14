#pragma once

#include "evaluation/intervals.hpp"

#include <ATen/core/Tensor.h>

namespace kaziranga::studies {

/// Squared error of a learner over random training sets, in three parts that are estimated apart, each without bias:
///     bias² = E_x (E_f f(x) - truth(x))²      variance = E_x E_f (f(x) - E_f f(x))²      noise
/// Source: Geman, Bienenstock and Doursat 1992, "Neural Networks and the Bias/Variance Dilemma"
struct SquaredParts {
    evaluation::Interval bias2, variance, noise;
    evaluation::Interval error;  ///< measured on fresh noisy labels
    evaluation::Interval gap;    ///< error - (bias² + variance + noise), whose true value is 0
};

/// @param predictions  [R, T], of R learners at T places     @param truth  [T]
/// @param labels       [R, T], truth plus noise, drawn for each learner anew
/// @param repeated     [2, M], pairs of labels of the same places, from which the noise is estimated
SquaredParts squared_parts(const at::Tensor& predictions, const at::Tensor& truth, const at::Tensor& labels,
                           const at::Tensor& repeated, double confidence);

/// The share of wrong classes in parts that add up exactly where labels have no noise:
///     error = bias + unbiased variance - helpful variance
/// A place's main class is the most frequent prediction. Bias: places whose main class is wrong. Unbiased variance:
/// predictions other than a right main class. Helpful variance: right predictions where the main class is wrong.
/// Source: Domingos 2000, "A Unified Bias-Variance Decomposition", with his factor for several classes
struct ZeroOneParts {
    at::Tensor bias, unbiased_variance, helpful_variance, error;  ///< [T] float64, of each place
};

/// @param predictions  [R, T] int64 classes     @param labels  [T] int64
ZeroOneParts zero_one_parts(const at::Tensor& predictions, const at::Tensor& labels);

/// The mean over places, or of the difference of two learners place by place, with its interval over places.
/// @param x  [T]
evaluation::Interval over_places(const at::Tensor& x, double confidence);

}  // namespace kaziranga::studies
