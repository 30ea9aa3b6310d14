#pragma once

#include "studies/bias_variance/options.hpp"

namespace kaziranga::studies {

/// The first half of the study: squared errors on a known function. Adds its pictures, claims, checks and figures.
void tell_regression(Findings& findings, const BiasVarianceOptions& options);

}  // namespace kaziranga::studies
