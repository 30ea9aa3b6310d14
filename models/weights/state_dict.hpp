#pragma once

#include <torch/nn/module.h>
#include <torch/types.h>

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kaziranga::models {

/// Tensors by name, in the order of the file.
using StateDict = std::vector<std::pair<std::string, torch::Tensor>>;

/// Parameters and buffers of a module, in registration order, sharing storage.
StateDict state_dict(const torch::nn::Module& module);

/// Reads .pth/.pt (zip and legacy layouts) or .safetensors, told apart by content. Finds the weights at the top or
/// under `state_dict`, `model` or `model_state`, and strips a `module.` prefix shared by all names. Executes nothing.
/// @return CPU tensors that own their memory
/// @throws core::Error for anything that is malformed, holds an object that is not allowed, or reaches out of bounds
StateDict read_weights(const std::filesystem::path& path);

/// What kind of names a state dict has and what to do about the output layer.
struct LoadOptions {
    std::string source = {};           ///< file, for messages
    std::string classifier_name = {};  ///< all of it may be missing or of another kind: "" loads it like the rest
};

/// Copies tensors into the module's parameters and buffers of the same names, converting dtype only between floating
/// types. `num_batches_tracked` may be missing.
/// @return names left out on purpose (the old output layer)
/// @throws core::Error listing every missing, unexpected and misshapen name; the module is then unchanged
std::vector<std::string> load_state_dict(torch::nn::Module& module, const StateDict& weights,
                                         const LoadOptions& options);

/// Renames the tensors of known packages to the registered names (EfficientNet-PyTorch: `_conv_stem.weight`,
/// `_blocks.0.…`; timm's and torchvision's own names pass through).
StateDict map_names(StateDict weights, const torch::nn::Module& module);

}  // namespace kaziranga::models
