#pragma once

#include "models/blocks.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace kaziranga::models {

struct ResidualOptions {
    int64_t in = 0;     ///< channels
    int64_t width = 0;  ///< channels that come out
    int64_t stride = 1;
    int64_t kernel = 3;      ///< 1: dense layers, for x of [N, in, 1, 1]
    bool batch_norm = true;  ///< else the layers have biases
};

/// What the forward pass through a residual block keeps. All have the shape of y, but z1 has that of the first layer.
struct ResidualValues {
    torch::Tensor z1;  ///< of the first layer, its ReLU included
    torch::Tensor z2;  ///< F(x): of the second layer
    torch::Tensor z3;  ///< z2 + x
    torch::Tensor y;   ///< ReLU(z3)
};

/// dL/d… of one layer: its convolution's weight and bias, its batch norm's scale and shift. Undefined where the layer
/// has none.
struct LayerGradients {
    torch::Tensor input, weight, bias, scale, shift;
};

struct ResidualGradients {
    torch::Tensor z3, z2, z1, x;
    LayerGradients first, second;
};

/// y = ReLU(F(x) + x) with F of two layers, the shortcut a 1×1 convolution where the shape changes: the block that
/// ResNet-18 and ResNet-34 are built from.
/// Source: He et al. 2016, fig. 5 left (arXiv:1512.03385)
class ResidualBlock : public Block {
  public:
    static constexpr int64_t kExpansion = 1;

    explicit ResidualBlock(const ResidualOptions& options);
    /// Two 3×3 convolutions with batch norm.
    ResidualBlock(int64_t in, int64_t width, int64_t stride);

    torch::Tensor forward(torch::Tensor x) override;
    Field field(Field in) const override;
    Moments moments(const Moments& in, StepRanges& ranges) const override;
    void each_step(const StepVisitor& visit) override;

    /// The same forward pass, its steps kept.
    ResidualValues values(const torch::Tensor& x) const { return values_from(first_.forward(x), x); }
    /// Its steps from z1 on.
    ResidualValues values_from(const torch::Tensor& z1, const torch::Tensor& x) const;

    /// The gradients of a loss from dL/dy, by the chain rule written out: no autograd.
    ///     dL/dz3 = dL/dy ⊙ [z3 > 0]      dL/dz2 = dL/dz3      dL/dz1 = dL/dz2 · dz2/dz1
    ///     dL/dx = dL/dz3 + dL/dz1 · dz1/dx, the first summand being the "1" of 1 + dF/dx
    /// @param values  of x, from a forward pass in the block's present form (training or evaluation)
    /// @pre the shortcut is x itself
    ResidualGradients gradients(const torch::Tensor& x, const ResidualValues& values, const torch::Tensor& dy) const;

    /// forward() as a torch::autograd::Function whose backward is gradients().
    torch::Tensor forward_by_hand(const torch::Tensor& x);

  private:
    ConvNorm first_;
    ConvNorm second_;
    std::shared_ptr<Block> downsample_;  // null: the shortcut is the input itself
};

}  // namespace kaziranga::models
