#pragma once

#include "studies/bias_variance/options.hpp"

namespace kaziranga::studies {

/// Bias, variance and noise of networks with growing depth, width, training set and weight decay, by regression on a
/// known function and by classification of a park's features.
Findings study_bias_variance(const BiasVarianceOptions& options);

}  // namespace kaziranga::studies
