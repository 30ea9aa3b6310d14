#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <torch/nn/module.h>
#include <torch/types.h>

namespace kaziranga::models {

/// Tensors by name, in the order of the file.
using StateDict = std::vector<std::pair<std::string, torch::Tensor>>;

/// Parameters and buffers of a module, in registration order, sharing storage.
StateDict state_dict(const torch::nn::Module& module);

/// Reads .pth/.pt (zip and legacy layouts) or .safetensors, told apart by content: the state dict that stands at the
/// top or, in .pth, under the likeliest key (see rank_of), names and all. Executes nothing.
/// @return CPU tensors that own their memory
/// @throws core::Error for anything that is malformed, holds an object that is not allowed, or reaches out of bounds
StateDict read_weights(const std::filesystem::path& path);

/// A network's part of a weight file.
struct NetworkWeights {
    /// Under the network's names, where it has them. What could not be loaded anyhow, as its name or its shape is
    /// another, is on the meta device, without memory.
    StateDict tensors;
    std::vector<std::string> notes;  ///< what was chosen where there was a choice, and what was left out: a line each
    std::string naming;              ///< how the names were read, for messages: "names without the prefix 'module.'"
};

/// Reads the state dict that fits a network, wherever it stands in the file and whatever stands before its names: see
/// choose(). Left out are names without that prefix, and whole numbers that the network does not know (a number of
/// averaged models).
/// @param classifier  the name of the network's output layer, which decides nothing
/// @throws core::Error as above
NetworkWeights read_weights(const std::filesystem::path& path, const torch::nn::Module& network,
                            const std::string& classifier);

/// What kind of names a state dict has and what to do about the output layer.
struct LoadOptions {
    std::string source = {};           ///< file, for messages
    std::string naming = {};           ///< how its names were read, for messages
    std::string classifier_name = {};  ///< all of it may be missing or of another kind: "" loads it like the rest
};

/// Copies tensors into the module's parameters and buffers of the same names, converting dtype only between floating
/// types. `num_batches_tracked` may be missing.
/// @return names left out on purpose (the old output layer)
/// @throws core::Error with the first ten missing, unexpected and misshapen names each; the module is then unchanged
std::vector<std::string> load_state_dict(torch::nn::Module& module, const StateDict& weights,
                                         const LoadOptions& options);

/// Whether a network can do without a tensor of this name: a count that only training goes by.
bool may_be_missing(std::string_view name);

/// Whether a tensor belongs to the layer of this name; none does where that is empty.
bool in_layer(std::string_view name, std::string_view layer);

}  // namespace kaziranga::models
