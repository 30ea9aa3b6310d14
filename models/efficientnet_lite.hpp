#pragma once

#include "models/backbone.hpp"
#include "models/blocks.hpp"

#include <array>
#include <cstdint>
#include <memory>

namespace kaziranga::models {

/// The parameters that distinguish the EfficientNet-Lites.
struct EfficientNetLiteSpec {
    const char* name;
    std::array<const char*, 2> weights;  ///< files of its published weights, best first; null: no further file
    double width;                        ///< multiplies the channels of every stage
    double depth;                        ///< multiplies the blocks of every stage except the first and the last
    int64_t crop;                        ///< side of its training images, pixels
};

/// Source: the TensorFlow TPU repository, models/official/efficientnet/lite/efficientnet_lite_builder.py
inline constexpr std::array<EfficientNetLiteSpec, 5> kEfficientNetLites = {{
    {"efficientnet_lite0", {"efficientnet-lite0-57934424.pth", "tf_efficientnet_lite0-0aa007d2.pth"}, 1.0, 1.0, 224},
    {"efficientnet_lite1", {"tf_efficientnet_lite1-bde8b488.pth"}, 1.0, 1.1, 240},
    {"efficientnet_lite2", {"tf_efficientnet_lite2-dcccb7df.pth"}, 1.1, 1.2, 260},
    {"efficientnet_lite3", {"tf_efficientnet_lite3-b733e338.pth"}, 1.2, 1.4, 280},
    {"efficientnet_lite4", {"tf_efficientnet_lite4-741542c3.pth"}, 1.4, 1.8, 300},
}};

/// timm's tf_efficientnet_lite0 … 4, with the same names and results: EfficientNet (Tan and Le 2019, arXiv:1905.11946)
/// without squeeze-and-excitation, with ReLU6, and with a stem and a head of fixed width.
class EfficientNetLite : public Backbone {
  public:
    EfficientNetLite(const EfficientNetLiteSpec& spec, int64_t num_classes);

    std::vector<std::vector<std::string>> layer_groups() const override;
    Field field(int64_t pixels) const override;
    StepRanges step_ranges() const override;
    void each_step(const StepVisitor& visit) override;

  private:
    torch::Tensor map_features(torch::Tensor x, std::vector<torch::Tensor>* stages) override;

    ConvNorm stem_;
    std::shared_ptr<Chain> stages_;
    ConvNorm last_;
};

}  // namespace kaziranga::models
