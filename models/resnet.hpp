#pragma once

#include "models/backbone.hpp"
#include "models/blocks.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>

namespace kaziranga::models {

/// The parameters that distinguish the ResNets.
struct ResNetSpec {
    const char* name;
    const char* weights;  ///< file of its published weights (torchvision's IMAGENET1K_V1); null: there are none
    bool bottleneck;      ///< Bottleneck blocks instead of ResidualBlock
    std::array<int64_t, 4> depth;  ///< blocks in layer1 … layer4
    int64_t width = 64;            ///< channels of the stem and of layer1, before the expansion
    bool small_images = false;     ///< a 3×3 convolution at the start instead of 7×7 and pooling
};

/// Source: He et al. 2016, table 1 (arXiv:1512.03385); the last is for images of a few dozen pixels
inline constexpr std::array<ResNetSpec, 6> kResNets = {{
    {"resnet18", "resnet18-f37072fd.pth", false, {2, 2, 2, 2}},
    {"resnet34", "resnet34-b627a593.pth", false, {3, 4, 6, 3}},
    {"resnet50", "resnet50-0676ba61.pth", true, {3, 4, 6, 3}},
    {"resnet101", "resnet101-63fe2227.pth", true, {3, 4, 23, 3}},
    {"resnet152", "resnet152-394f9c45.pth", true, {3, 8, 36, 3}},
    {"resnet10_small", nullptr, false, {1, 1, 1, 1}, 32, true},
}};

/// torchvision's ResNet, with the same names and results.
class ResNet : public Backbone {
  public:
    ResNet(const ResNetSpec& spec, int64_t num_classes);

    std::vector<std::vector<std::string>> layer_groups() const override;
    Field field(int64_t pixels) const override;
    StepRanges step_ranges() const override;
    void each_step(const StepVisitor& visit) override;

  private:
    torch::Tensor map_features(torch::Tensor x, std::vector<torch::Tensor>* stages) override;

    ConvNorm stem_;
    std::optional<Window> pooling_;  // after the stem
    std::array<std::shared_ptr<Chain>, 4> layers_;
};

}  // namespace kaziranga::models
