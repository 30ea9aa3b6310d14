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

/// Reads .pth/.pt (zip and legacy layouts) or .safetensors, recognised by content: the state dict at the top or, in
/// .pth, under the most likely key (see rank_of), with its names unchanged. Executes nothing.
/// @return CPU tensors that own their memory
/// @throws core::Error for anything that is malformed, holds an object that is not allowed, or reaches out of bounds
StateDict read_weights(const std::filesystem::path& path);

/// A network's part of a weight file.
struct NetworkWeights {
    /// Under the network's names, if it has them. A tensor that cannot be loaded, because its name or its shape is
    /// different, is on the meta device, without memory.
    StateDict tensors;
    std::vector<std::string> notes;  ///< choices that were made and names that were left out, one per line
    std::string naming;              ///< the form of the names, for messages: "names without the prefix 'module.'"
};

/// Reads the state dict that fits a network, at any place in the file and with any prefix before its names: see
/// choose(). Leaves out names without that prefix, and integers that the network does not know (a number of averaged
/// models).
/// @param classifier  the name of the network's output layer, which does not influence the choice
/// @throws core::Error as above
NetworkWeights read_weights(const std::filesystem::path& path, const torch::nn::Module& network,
                            const std::string& classifier);

/// The form of the names in a state dict, and the treatment of the output layer.
struct LoadOptions {
    std::string source = {};           ///< file, for messages
    std::string naming = {};           ///< the form of the names, for messages
    std::string classifier_name = {};  ///< this layer may be missing or different; "": load it like the rest
};

/// Copies tensors into the module's parameters and buffers of the same names, converting dtype only between floating
/// types. `num_batches_tracked` may be missing.
/// @return names left out on purpose (the old output layer)
/// @throws core::Error with at most ten missing, unexpected and unsuitable names each; the module is then unchanged
std::vector<std::string> load_state_dict(torch::nn::Module& module, const StateDict& weights,
                                         const LoadOptions& options);

/// True if a network does not need a tensor of this name: a count that only training uses.
bool may_be_missing(std::string_view name);

/// True if a tensor belongs to the layer of this name; always false if the layer's name is empty.
bool in_layer(std::string_view name, std::string_view layer);

}  // namespace kaziranga::models
