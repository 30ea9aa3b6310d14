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

/// What both families of networks are built from. Every forward takes and gives [N, C, H, W] floating point in
/// contiguous or channels-last memory, and keeps that memory format.

/// Batch norm over channels whose count of batches stays an integer when the module changes its dtype.
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

/// Of every step of a network that a pass of moments went through.
using StepRanges = std::unordered_map<const ConvNorm*, StepRange>;

/// A convolution, its batch norm if it has one, and the activation after them: the step that networks repeat. Not a
/// module: its layers are registered with their owner, under the names of the Python counterpart.
class ConvNorm {
  public:
    ConvNorm(torch::nn::Module& owner, const std::string& conv_name, const std::string& norm_name,
             const ConvNormOptions& options);

    torch::Tensor forward(const torch::Tensor& x) const;
    /// activation(step + shortcut), for a step without an activation of its own. A fused one writes it to the shortcut.
    torch::Tensor forward(const torch::Tensor& x, const torch::Tensor& shortcut, Activation activation) const;
    Field field(const Field& in) const { return in.after(conv_->window(in.size)); }

    /// From now on runs as FusedConv, with the parameters and statistics of this moment.
    /// @param precision  of the input from now on: float32 or bfloat16
    /// @throws core::Error when weights and batch norm together are not finite
    void fuse(torch::Dtype precision);

    /// What goes out where such values come in, told by the batch norm; keeps the range of it. Needs a batch norm.
    Moments moments(const Moments& in, StepRanges& ranges) const;
    /// The same of activation(step + shortcut).
    Moments moments(const Moments& in, const Moments& shortcut, Activation activation, StepRanges& ranges) const;

    /// From now on runs as QuantisedConv, with the parameters and statistics of this moment.
    /// @throws core::Error when weights and batch norm together are not finite
    void quantise(const StepRange& range);

    const Conv& conv() const { return *conv_; }
    bool has_norm() const { return norm_ != nullptr; }
    BatchNorm& norm() const { return *norm_; }
    Activation activation() const { return activation_; }

  private:
    /// A batch norm with fixed statistics is one factor and one summand a channel, and both can go into the
    /// convolution: gradients reach every parameter as before, and a pass over the images is saved each way.
    struct Folded {
        torch::Tensor weight, bias;
    };
    Folded folded() const;
    /// @throws core::Error when not finite
    Folded sound_folded() const;

    std::shared_ptr<Conv> conv_;
    std::shared_ptr<BatchNorm> norm_;  // null: none
    Activation activation_;
    std::shared_ptr<const InferenceConv> inference_;  // null: runs as it is trained
};

using StepVisitor = std::function<void(ConvNorm&)>;

/// A part of a network with one input and one output.
class Block : public torch::nn::Module {
  public:
    virtual torch::Tensor forward(torch::Tensor x) = 0;
    /// What its output depends on, from what its input does.
    virtual Field field(Field in) const = 0;
    /// What goes out where such values come in; keeps the ranges of its steps.
    virtual Moments moments(const Moments& in, StepRanges& ranges) const = 0;
    virtual void each_step(const StepVisitor& visit) = 0;
};

/// Blocks one after another, registered as "0", "1", ….
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

/// 1×1, 3×3 and 1×1 convolutions around a shortcut; the stride is in the 3×3, the variant known as v1.5.
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

/// Of both mobile blocks: they differ in the expansion in front.
struct MobileOptions {
    int64_t in = 0;
    int64_t out = 0;
    int64_t kernel = 3;
    int64_t stride = 1;
    int64_t expansion = 1;
};

/// A depthwise and a linear 1×1 convolution, with a shortcut where the shape stays.
/// Source: Howard et al. 2017 (arXiv:1704.04861), as EfficientNet-Lite uses it: ReLU6, "SAME" padding
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

/// A 1×1 expansion, a depthwise and a linear 1×1 convolution, with a shortcut where the shape stays.
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

/// A 1×1 convolution and its batch norm as the owner's "downsample", or null where the shape stays: the shortcut of
/// ResNet's blocks.
std::shared_ptr<Block> register_downsample(torch::nn::Module& owner, int64_t in, int64_t out, int64_t stride);

/// What is added to a residual block's result.
torch::Tensor shortcut_of(const torch::Tensor& x, const std::shared_ptr<Block>& downsample);

/// The step of EfficientNet-Lite: "SAME" padding and TensorFlow's epsilon.
ConvNormOptions mobile_step(ConvOptions conv, Activation activation);

}  // namespace kaziranga::models
