#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <torch/nn/module.h>

namespace kaziranga::models {

/// How packages name the tensors of a network that is registered under other names here (EfficientNet-PyTorch:
/// `_conv_stem.weight`, `_blocks.0.…`).
class NameMap {
  public:
    explicit NameMap(const torch::nn::Module& network);

    /// The registered spelling of a package's name; nothing when no rule knows it.
    std::optional<std::string> registered(std::string_view name) const;

  private:
    struct Block {
        std::string path;  ///< "blocks.1.0"
        bool expands;
    };
    std::vector<Block> blocks_;  ///< their position is the package's flat index
};

/// Respells the names of known packages as the registered ones; timm's and torchvision's own pass through. A name that
/// the network does not ask for, or that is there already, keeps its spelling.
void map_names(std::vector<std::string>& names, const torch::nn::Module& network);

}  // namespace kaziranga::models
