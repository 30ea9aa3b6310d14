#pragma once

#include "models/heads.hpp"

#include <memory>
#include <vector>

namespace kaziranga::training {

/// The same head, a solved one, with its logits times a factor.
std::shared_ptr<models::Head> scaled(std::shared_ptr<models::Head> head, double factor);

/// The head of the mean of several linear heads' logits, each times its own factor; all are LinearHeads of features, or
/// all SourceHeads of one layer. The mean of calibrated logits is, but for what is common to all classes, the mean of
/// their log-probabilities.
std::shared_ptr<models::Head> averaged(const std::vector<std::shared_ptr<models::Head>>& heads,
                                       const std::vector<double>& factors);

}  // namespace kaziranga::training
