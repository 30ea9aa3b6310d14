#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <torch/nn/module.h>

namespace kaziranga::models {

/// Converts the names that other packages give to tensors into the names that are registered here
/// (EfficientNet-PyTorch: `_conv_stem.weight`, `_blocks.0.…`).
class NameMap {
  public:
    explicit NameMap(const torch::nn::Module& network);

    /// The registered name for a package's name; nothing if no rule applies.
    std::optional<std::string> registered(std::string_view name) const;

  private:
    struct Block {
        std::string path;  ///< "blocks.1.0"
        bool expands;
    };
    std::vector<Block> blocks_;  ///< their position is the package's flat index
};

/// Replaces the names of known packages by the registered ones; timm's and torchvision's own do not change. A name that
/// the network does not need, or that already exists, does not change either.
void map_names(std::vector<std::string>& names, const torch::nn::Module& network);

}  // namespace kaziranga::models
