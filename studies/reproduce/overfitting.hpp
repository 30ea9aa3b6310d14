#pragma once

#include "studies/reproduce/comparison.hpp"

#include <map>

namespace kaziranga::studies {

/// The changes in a training from the epoch with the lowest test loss to its end. Over-fitting is a rise of test loss
/// while training loss falls.
struct Turn {
    double rise = 0;  ///< of test loss, nats
    double fall = 0;  ///< of training loss, nats
};

/// The turn of each run whose source has runs of other seeds, with measurements after the same epochs. The epoch is
/// that of the lowest mean test loss of the *other* seeds, so that chance alone shows no rise: the lowest of many
/// numbers always lies below the last.
std::map<const ArmResult*, Turn> turns_of(const Runs& runs);

}  // namespace kaziranga::studies
