#pragma once

#include "models/blocks.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace kaziranga::models {

struct ResidualOptions {
    int64_t in = 0;     ///< channels
    int64_t width = 0;  ///< output channels
    int64_t stride = 1;
    int64_t kernel = 3;      ///< 1: dense layers, for x of [N, in, 1, 1]
    bool batch_norm = true;  ///< false: the layers have biases
};

/// The intermediate values of a residual block's forward pass. All but z1 have y's shape; z1 has the first layer's.
struct ResidualValues {
    torch::Tensor z1;  ///< output of the first layer, after its ReLU
    torch::Tensor z2;  ///< F(x): output of the second layer
    torch::Tensor z3;  ///< z2 + x
    torch::Tensor y;   ///< ReLU(z3)
};

/// dL/d… of one layer: weight and bias of its convolution, scale and shift of its batch norm. Undefined if the layer
/// has no such parameter.
struct LayerGradients {
    torch::Tensor input, weight, bias, scale, shift;
};

struct ResidualGradients {
    torch::Tensor z3, z2, z1, x;
    LayerGradients first, second;
};

/// y = ReLU(F(x) + x), where F has two layers. The shortcut is a 1×1 convolution if the shape changes. ResNet-18 and
/// ResNet-34 consist of this block.
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

    /// The same forward pass; returns its intermediate values.
    ResidualValues values(const torch::Tensor& x) const { return values_from(first_.forward(x), x); }
    /// The intermediate values from z1 on.
    ResidualValues values_from(const torch::Tensor& z1, const torch::Tensor& x) const;

    /// The gradients of a loss from dL/dy, by the explicit chain rule, without autograd.
    ///     dL/dz3 = dL/dy ⊙ [z3 > 0]      dL/dz2 = dL/dz3      dL/dz1 = dL/dz2 · dz2/dz1
    ///     dL/dx = dL/dz3 + dL/dz1 · dz1/dx, where the first term is the "1" of 1 + dF/dx
    /// @param values  of x, from a forward pass in the block's present mode (training or evaluation)
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
