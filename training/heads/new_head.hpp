#pragma once

#include "models/heads.hpp"
#include "training/heads/options.hpp"

#include <cstdint>
#include <memory>

namespace kaziranga::training {

/// A head for the training loop to train: a linear one of zeros, another with initial weights of PyTorch's
/// distribution, drawn from a stream of the seed, and without standardisation.
/// @param spec  what comes in and goes out; its kind is that of the options
std::shared_ptr<models::Head> new_head(const HeadOptions& options, models::HeadSpec spec, uint64_t seed);

}  // namespace kaziranga::training
