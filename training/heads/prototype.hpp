#pragma once

#include "training/heads/linear_map.hpp"
#include "training/heads/weighted_rows.hpp"

namespace kaziranga::training {

/// Returns the class means, scaled to length one, as weights, without bias. For rows of length one the logits are
/// cosines.
/// @throws c10::Error when a class has no row of positive weight
LinearMap cosine_mean(const WeightedRows& rows);

}  // namespace kaziranga::training
