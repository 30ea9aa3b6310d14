#pragma once

#include "studies/bias_variance/options.hpp"
#include "studies/bias_variance/park_features.hpp"

namespace kaziranga::studies {

/// @throws core::Error when the weights are missing
ParkFeatures features_of(const BiasVarianceOptions& options);

/// The second half of the study: errors in classifying a park's images. Adds its pictures, claims, checks, figures.
void tell_classification(Findings& findings, const BiasVarianceOptions& options, const ParkFeatures& features);

}  // namespace kaziranga::studies
