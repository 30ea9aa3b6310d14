#pragma once

#include "models/inference/range_statistics.hpp"
#include "models/layers/conv.hpp"
#include "models/layers/receptive_field.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include <torch/nn/module.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/types.h>

namespace kaziranga::models {

/// The building blocks of both network families. Every forward takes and returns [N, C, H, W] floating point in
/// contiguous or channels-last memory, and keeps that memory format.

/// Batch norm over channels. Its count of batches stays an integer when the module changes its dtype.
class BatchNorm : public torch::nn::BatchNorm2dImpl {
  public:
    using torch::nn::BatchNorm2dImpl::BatchNorm2dImpl;

    void to(torch::Device device, torch::Dtype dtype, bool non_blocking = false) override;
    void to(torch::Dtype dtype, bool non_blocking = false) override;
    using torch::nn::BatchNorm2dImpl::to;
};

struct ConvNormOptions {
    ConvOptions conv;
    Activation activation = Activation::kNone;
    double epsilon = 1e-5;  ///< of the batch norm
    bool norm = true;
};

class ConvNorm;

/// The StepRange of every step that a pass of moments visited.
using StepRanges = std::unordered_map<const ConvNorm*, StepRange>;

/// A convolution, its batch norm if it has one, and the activation after them: the step that networks repeat. It is not
/// a module: its layers are registered with their owner, under the names of the Python counterpart.
class ConvNorm {
  public:
    ConvNorm(torch::nn::Module& owner, const std::string& conv_name, const std::string& norm_name,
             const ConvNormOptions& options);

    torch::Tensor forward(const torch::Tensor& x) const;
    /// activation(step + shortcut), for a step without its own activation. A fused step overwrites the shortcut.
    torch::Tensor forward(const torch::Tensor& x, const torch::Tensor& shortcut, Activation activation) const;
    Field field(const Field& in) const { return in.after(conv_->window(in.size)); }

    /// Runs as FusedConv from now on, with the parameters and statistics of this moment.
    /// @param precision  of the input from now on: float32 or bfloat16
    /// @throws core::Error when weights and batch norm together are not finite
    void fuse(torch::Dtype precision);

    /// The moments of the output for inputs with moments `in`, from the batch norm (required). Stores the range.
    Moments moments(const Moments& in, StepRanges& ranges) const;
    /// The same for activation(step + shortcut).
    Moments moments(const Moments& in, const Moments& shortcut, Activation activation, StepRanges& ranges) const;

    /// Runs as QuantisedConv from now on, with the parameters and statistics of this moment.
    /// @throws core::Error when weights and batch norm together are not finite
    void quantise(const StepRange& range);

    const Conv& conv() const { return *conv_; }
    bool has_norm() const { return norm_ != nullptr; }
    BatchNorm& norm() const { return *norm_; }
    Activation activation() const { return activation_; }

  private:
    /// The moments of the values after the batch norm.
    Moments norm_moments() const;
    /// Stores the range of the step. @param before  the activation     @return the moments after it
    Moments keep_range(const Moments& in, const Moments& before, Activation activation, StepRanges& ranges) const;

    /// Weights with the batch norm folded in: with fixed statistics it is one scale and one shift per channel.
    /// Gradients reach every parameter as before, and forward and backward each save one pass over the images.
    struct Folded {
        torch::Tensor weight, bias;
    };
    Folded folded() const;
    /// @throws core::Error when weight or bias is not finite
    Folded sound_folded() const;

    std::shared_ptr<Conv> conv_;
    std::shared_ptr<BatchNorm> norm_;  // null: none
    Activation activation_;
    std::shared_ptr<const InferenceConv> inference_;  // null: runs as in training
};

using StepVisitor = std::function<void(ConvNorm&)>;

/// A part of a network with one input and one output.
class Block : public torch::nn::Module {
  public:
    virtual torch::Tensor forward(torch::Tensor x) = 0;
    /// The receptive field of the output, if `in` is that of the input.
    virtual Field field(Field in) const = 0;
    /// The moments of the output for inputs with moments `in`. Stores the ranges of its steps.
    virtual Moments moments(const Moments& in, StepRanges& ranges) const = 0;
    virtual void each_step(const StepVisitor& visit) = 0;
};

/// Blocks in sequence, registered as "0", "1", ….
class Chain : public Block {
  public:
    void append(std::shared_ptr<Block> block);
    torch::Tensor forward(torch::Tensor x) override;
    Field field(Field in) const override;
    Moments moments(const Moments& in, StepRanges& ranges) const override;
    void each_step(const StepVisitor& visit) override;

    const std::vector<std::shared_ptr<Block>>& blocks() const { return blocks_; }

  private:
    std::vector<std::shared_ptr<Block>> blocks_;
};

/// 1×1, 3×3 and 1×1 convolutions with a shortcut. The 3×3 convolution has the stride: the variant known as v1.5.
/// Source: He et al. 2016, fig. 5 right (arXiv:1512.03385)
class Bottleneck : public Block {
  public:
    static constexpr int64_t kExpansion = 4;

    Bottleneck(int64_t in, int64_t width, int64_t stride);
    torch::Tensor forward(torch::Tensor x) override;
    Field field(Field in) const override;
    Moments moments(const Moments& in, StepRanges& ranges) const override;
    void each_step(const StepVisitor& visit) override;

  private:
    ConvNorm reduce_;
    ConvNorm spatial_;
    ConvNorm expand_;
    std::shared_ptr<Block> downsample_;  // null: the shortcut is the input itself
};

/// The options of both mobile blocks, which differ in the expansion at the start.
struct MobileOptions {
    int64_t in = 0;
    int64_t out = 0;
    int64_t kernel = 3;
    int64_t stride = 1;
    int64_t expansion = 1;
};

/// A depthwise and a linear 1×1 convolution, with a shortcut if the shape stays the same.
/// Source: Howard et al. 2017 (arXiv:1704.04861), as in EfficientNet-Lite: ReLU6, "SAME" padding
class DepthwiseSeparable : public Block {
  public:
    explicit DepthwiseSeparable(const MobileOptions& options);
    torch::Tensor forward(torch::Tensor x) override;
    Field field(Field in) const override;
    Moments moments(const Moments& in, StepRanges& ranges) const override;
    void each_step(const StepVisitor& visit) override;

  private:
    bool shortcut_;
    ConvNorm depthwise_;
    ConvNorm project_;
};

/// A 1×1 expansion, a depthwise and a linear 1×1 convolution, with a shortcut if the shape stays the same.
/// Source: Sandler et al. 2018, fig. 4d (arXiv:1801.04381), with "SAME" padding
class InvertedResidual : public Block {
  public:
    explicit InvertedResidual(const MobileOptions& options);
    torch::Tensor forward(torch::Tensor x) override;
    Field field(Field in) const override;
    Moments moments(const Moments& in, StepRanges& ranges) const override;
    void each_step(const StepVisitor& visit) override;

  private:
    bool shortcut_;
    ConvNorm expand_;
    ConvNorm depthwise_;
    ConvNorm project_;
};

/// Registers a 1×1 convolution and its batch norm as the owner's "downsample": the shortcut of ResNet's blocks. Returns
/// null if the shape stays the same.
std::shared_ptr<Block> register_downsample(torch::nn::Module& owner, int64_t in, int64_t out, int64_t stride);

/// The tensor that is added to a residual block's result: x, or the output of `downsample` if there is one.
torch::Tensor shortcut_of(const torch::Tensor& x, const std::shared_ptr<Block>& downsample);

/// The options of a step of EfficientNet-Lite: "SAME" padding and TensorFlow's epsilon.
ConvNormOptions mobile_step(ConvOptions conv, Activation activation);

}  // namespace kaziranga::models
