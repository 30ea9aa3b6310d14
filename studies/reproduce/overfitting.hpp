#pragma once

#include "studies/reproduce/comparison.hpp"

#include <map>

namespace kaziranga::studies {

/// What a training does between the epoch with the lowest test loss and its end. Over-fitting is a rise of test loss
/// while training loss falls.
struct Turn {
    double rise = 0;  ///< of test loss, nats
    double fall = 0;  ///< of training loss, nats
};

/// Of each run that has other seeds of its source beside it, with measurements after the same epochs. The epoch is that
/// of the *other* seeds' lowest mean test loss, so that chance alone shows no rise: the lowest of many numbers always
/// lies below the last.
std::map<const ArmResult*, Turn> turns_of(const Runs& runs);

}  // namespace kaziranga::studies
