#pragma once

#include "models/weights/stored.hpp"

#include <string>
#include <vector>

#include <torch/nn/module.h>

namespace kaziranga::models {

/// Rank of the dict under these keys; the smallest is most likely the wanted state dict. Averaged weights come before
/// those that they average, as in timm's load_state_dict(use_ema=True), whose own two keys come first. Then follow the
/// keys under which training scripts save a network, the top of the file, and any other place.
int rank_of(const std::vector<std::string>& keys);

/// A state dict of a file, and how to convert its names to those of a network.
struct Choice {
    const StoredDict* dict = nullptr;
    std::string prefix = {};  ///< precedes the network's own part of its names
    bool complete = false;    ///< has all tensors of the network, in their shapes
    /// The alternatives: keys of other complete dicts, other prefixes in this one.
    std::vector<std::string> other_dicts = {}, other_prefixes = {};
};

/// Finds the state dict of a network in a file by the names. For each dict it takes the prefix under which most of the
/// network's tensors are found (in its own spelling or another that map_names knows). Of the dicts that have all
/// tensors it takes the one with the lowest rank. Of prefixes that fit equally well, it prefers those of averaged
/// weights, then the first in the file. The output layer is ignored, as it may be different.
/// @param classifier  name of the output layer
/// @throws core::Error when two different dicts have the same rank
Choice choose(const std::vector<StoredDict>& dicts, const torch::nn::Module& network, const std::string& classifier,
              const std::string& where);

/// The state dict of a file, chosen only by its place.
const StoredDict& choose(const std::vector<StoredDict>& dicts, const std::string& where);

/// True if a key says that the dict holds an average of weights.
bool is_averaged(const std::vector<std::string>& keys);

/// "'checkpoint.state_dict'"; without keys, "the top of the file".
std::string place_text(const std::vector<std::string>& keys);

}  // namespace kaziranga::models
