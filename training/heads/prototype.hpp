#pragma once

#include "training/heads/linear_map.hpp"
#include "training/heads/weighted_rows.hpp"

namespace kaziranga::training {

/// The nearest class mean: logits are minus the squared Euclidean distance to each class's weighted mean, but for
/// |x|^2, common to all classes (Snell, Swersky, Zemel 2017, "Prototypical networks for few-shot learning", eq. 8).
/// @throws c10::Error when a class has no row of positive weight
LinearMap nearest_mean(const WeightedRows& rows);

/// Weights are the class means scaled to length one, without bias: of rows of length one the logits are cosines.
/// @throws c10::Error when a class has no row of positive weight
LinearMap cosine_mean(const WeightedRows& rows);

}  // namespace kaziranga::training
