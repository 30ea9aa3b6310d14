#pragma once

#include "models/backbone.hpp"
#include "models/blocks.hpp"

#include <array>
#include <cstdint>
#include <memory>

namespace kaziranga::models {

/// What tells one ResNet from another.
struct ResNetSpec {
    const char* name;
    bool bottleneck;               ///< Bottleneck blocks instead of BasicBlock
    std::array<int64_t, 4> depth;  ///< blocks in layer1 … layer4
};

/// Source: He et al. 2016, table 1 (arXiv:1512.03385)
inline constexpr std::array<ResNetSpec, 5> kResNets = {{
    {"resnet18", false, {2, 2, 2, 2}},
    {"resnet34", false, {3, 4, 6, 3}},
    {"resnet50", true, {3, 4, 6, 3}},
    {"resnet101", true, {3, 4, 23, 3}},
    {"resnet152", true, {3, 8, 36, 3}},
}};

/// torchvision's ResNet, names and numbers alike.
class ResNet : public Backbone {
  public:
    ResNet(const ResNetSpec& spec, int64_t num_classes);

    std::vector<std::vector<std::string>> layer_groups() const override;

  private:
    torch::Tensor pooled_features(torch::Tensor x, std::vector<torch::Tensor>* stages) override;

    ConvNorm stem_;
    std::array<std::shared_ptr<Chain>, 4> layers_;
};

}  // namespace kaziranga::models
