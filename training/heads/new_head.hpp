#pragma once

#include "models/heads.hpp"
#include "training/heads/options.hpp"

#include <cstdint>
#include <memory>

namespace kaziranga::training {

/// Makes a head for the training loop. A linear head starts with zeros, any other with weights from PyTorch's initial
/// distribution, drawn from a stream of the seed. The head has no standardisation.
/// @param spec  inputs and outputs; the kind comes from the options
std::shared_ptr<models::Head> new_head(const HeadOptions& options, models::HeadSpec spec, uint64_t seed);

}  // namespace kaziranga::training
