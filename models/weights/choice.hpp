#pragma once

#include "models/weights/stored.hpp"

#include <string>
#include <vector>

#include <torch/nn/module.h>

namespace kaziranga::models {

/// How likely the dict under these keys is the state dict that is meant; the smallest first. Averaged weights come
/// before those they are the average of, as in timm's load_state_dict(use_ema=True), whose own two keys come first of
/// all; then the keys under which training scripts save a network, the top of the file, and any other place.
int rank_of(const std::vector<std::string>& keys);

/// A state dict of a file, and how its names become those of a network.
struct Choice {
    const StoredDict* dict = nullptr;
    std::string prefix = {};  ///< that its names have before the network's
    bool complete = false;    ///< has all tensors of the network in their shapes
    /// What could have been taken as well: keys of other complete dicts, other prefixes in this one.
    std::vector<std::string> other_dicts = {}, other_prefixes = {};
};

/// Finds the state dict of a network in a file by the names: for each dict the prefix under which most of the network's
/// tensors are found in it (in its own spelling or another that map_names knows), and of those that have all of them
/// the dict of the lowest rank. Of prefixes that fit alike those of averaged weights are taken, then the first in the
/// file. The output layer decides nothing, as it may be another.
/// @param classifier  name of the output layer
/// @throws core::Error when two dicts that differ are of the same rank
Choice choose(const std::vector<StoredDict>& dicts, const torch::nn::Module& network, const std::string& classifier,
              const std::string& where);

/// The state dict of a file by its place alone.
const StoredDict& choose(const std::vector<StoredDict>& dicts, const std::string& where);

/// Whether the dict under these keys says of itself that it holds an average of weights.
bool is_averaged(const std::vector<std::string>& keys);

/// "'checkpoint.state_dict'"; of no keys, "the top of the file".
std::string place_text(const std::vector<std::string>& keys);

}  // namespace kaziranga::models
