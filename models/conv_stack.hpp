#pragma once

#include "models/blocks.hpp"

#include <cstdint>

namespace kaziranga::models {

struct ConvStackOptions {
    int64_t in = 3;     ///< channels
    int64_t width = 8;  ///< channels of every layer
    int64_t layers = 4;
    int64_t kernel = 3;
    Padding padding = Padding::kNone;
};

/// Convolutions of stride 1 in sequence, with a ReLU between each two, registered as "0", "1", ….
class ConvStack : public Block {
  public:
    explicit ConvStack(const ConvStackOptions& options);

    /// @param x  [N, in, H, W]
    /// @return   [N, width, H', W'], each side shorter by layers * (kernel - 1) where there is no padding
    torch::Tensor forward(torch::Tensor x) override;
    Field field(Field in) const override;
    Moments moments(const Moments& in, StepRanges& ranges) const override;
    void each_step(const StepVisitor& visit) override;

  private:
    std::vector<ConvNorm> layers_;
};

}  // namespace kaziranga::models
