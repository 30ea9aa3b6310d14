#pragma once

#include "models/heads.hpp"

#include <memory>
#include <vector>

namespace kaziranga::training {

/// Multiplies the logits of a solved head by a factor, in place, and returns the head.
std::shared_ptr<models::Head> scaled(std::shared_ptr<models::Head> head, double factor);

/// Makes one head whose logits are the mean of the logits of several linear heads, each multiplied by its own factor.
/// All heads are LinearHeads of features, or all are SourceHeads of one layer. The mean of calibrated logits equals the
/// mean of their log-probabilities, up to a term that all classes share.
std::shared_ptr<models::Head> averaged(const std::vector<std::shared_ptr<models::Head>>& heads,
                                       const std::vector<double>& factors);

}  // namespace kaziranga::training
