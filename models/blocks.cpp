#include "models/blocks.hpp"

#include "core/error.hpp"
#include "models/inference/fused_conv.hpp"
#include "models/inference/quantised_conv.hpp"

#include <utility>

namespace kaziranga::models {
namespace {

/// torchvision's `downsample`, a Sequential of a convolution and its batch norm.
class Projection : public Block {
  public:
    Projection(int64_t in, int64_t out, int64_t stride)
        : step_(*this, "0", "1", {.conv = {.in = in, .out = out, .stride = stride}}) {}

    torch::Tensor forward(torch::Tensor x) override { return step_.forward(x); }
    Field field(Field in) const override { return step_.field(in); }
    Moments moments(const Moments& in, StepRanges& ranges) const override { return step_.moments(in, ranges); }
    void each_step(const StepVisitor& visit) override { visit(step_); }

  private:
    ConvNorm step_;
};

ConvNormOptions relu_step(ConvOptions conv) {
    return {.conv = conv, .activation = Activation::kRelu};
}

bool keeps_shape(const MobileOptions& options) {
    return options.stride == 1 && options.in == options.out;
}

ConvNormOptions depthwise_step(int64_t channels, const MobileOptions& options) {
    return mobile_step(
        {.in = channels, .out = channels, .kernel = options.kernel, .stride = options.stride, .groups = channels},
        Activation::kRelu6);
}

}  // namespace

std::shared_ptr<Block> register_downsample(torch::nn::Module& owner, int64_t in, int64_t out, int64_t stride) {
    if (stride == 1 && in == out) return nullptr;
    return owner.register_module("downsample", std::make_shared<Projection>(in, out, stride));
}

torch::Tensor shortcut_of(const torch::Tensor& x, const std::shared_ptr<Block>& downsample) {
    return downsample ? downsample->forward(x) : x;
}

void BatchNorm::to(torch::Device device, torch::Dtype dtype, bool non_blocking) {
    // detach(): `to` the same device returns the tensor itself, which the base class then converts in place.
    const auto count = num_batches_tracked.detach().to(device);
    BatchNorm2dImpl::to(device, dtype, non_blocking);
    num_batches_tracked.set_data(count);
}

void BatchNorm::to(torch::Dtype dtype, bool non_blocking) {
    const auto count = num_batches_tracked.detach();
    BatchNorm2dImpl::to(dtype, non_blocking);
    num_batches_tracked.set_data(count);
}

ConvNorm::ConvNorm(torch::nn::Module& owner, const std::string& conv_name, const std::string& norm_name,
                   const ConvNormOptions& options)
    : conv_(owner.register_module(conv_name, std::make_shared<Conv>(options.conv))), activation_(options.activation) {
    if (!options.norm) return;
    norm_ = owner.register_module(
        norm_name, std::make_shared<BatchNorm>(torch::nn::BatchNormOptions(options.conv.out).eps(options.epsilon)));
}

torch::Tensor ConvNorm::forward(const torch::Tensor& x) const {
    if (inference_) return inference_->forward(x, activation_);
    if (!norm_) return activate(conv_->forward(x), activation_);
    const bool fixed_statistics = !norm_->is_training();
    if (fixed_statistics && at::GradMode::is_enabled()) {
        const auto [weight, bias] = folded();
        return activate(conv_->forward(x, weight, bias), activation_);
    }
    return activate(norm_->forward(conv_->forward(x)), activation_);
}

torch::Tensor ConvNorm::forward(const torch::Tensor& x, const torch::Tensor& shortcut, Activation activation) const {
    TORCH_CHECK(activation_ == Activation::kNone, "a step before a shortcut has no activation of its own");
    if (inference_) return inference_->add_to(shortcut, x, activation);
    return activate(forward(x).add_(shortcut), activation);
}

void ConvNorm::fuse(torch::Dtype precision) {
    torch::NoGradGuard no_grad;
    const auto [weight, bias] = sound_folded();
    inference_ = std::make_shared<FusedConv>(conv_->options(), weight, bias, precision);
}

Moments ConvNorm::norm_moments() const {
    TORCH_CHECK(norm_, "what a step gives is told by its batch norm");
    return moments_of_norm(norm_->bias, norm_->weight);
}

Moments ConvNorm::moments(const Moments& in, StepRanges& ranges) const {
    return keep_range(in, norm_moments(), activation_, ranges);
}

Moments ConvNorm::moments(const Moments& in, const Moments& shortcut, Activation activation, StepRanges& ranges) const {
    return keep_range(in, sum_of(norm_moments(), shortcut), activation, ranges);
}

Moments ConvNorm::keep_range(const Moments& in, const Moments& before, Activation activation,
                             StepRanges& ranges) const {
    ranges[this] = {.input_mean = in.mean, .output = range_of(before, activation)};
    return activated(before, activation);
}

void ConvNorm::quantise(const StepRange& range) {
    torch::NoGradGuard no_grad;
    const auto [weight, bias] = sound_folded();
    inference_ = std::make_shared<QuantisedConv>(conv_->options(), weight, bias, range.input_mean, range.output);
}

ConvNorm::Folded ConvNorm::sound_folded() const {
    auto [weight, bias] = folded();
    // A fused activation may turn NaN into zero, and no later step would notice.
    const bool finite = weight.isfinite().all().item<bool>() && (!bias.defined() || bias.isfinite().all().item<bool>());
    if (!finite) {
        throw core::Error({.what = "the weights of a convolution and of its batch norm together are not finite numbers",
                           .where = "model.weights",
                           .expected = "variances above zero and weights within the range of float32",
                           .remedy = "use weights from a sound file"});
    }
    return {.weight = weight, .bias = bias};
}

ConvNorm::Folded ConvNorm::folded() const {
    if (!norm_) return {.weight = conv_->weight(), .bias = conv_->bias()};
    const auto scale = norm_->weight * (norm_->running_var + norm_->options.eps()).rsqrt();
    auto bias = norm_->bias - norm_->running_mean * scale;
    if (conv_->bias().defined()) bias = bias + conv_->bias() * scale;
    return {.weight = conv_->weight() * scale.view({-1, 1, 1, 1}), .bias = bias};
}

void Chain::append(std::shared_ptr<Block> block) {
    register_module(std::to_string(blocks_.size()), block);
    blocks_.push_back(std::move(block));
}

torch::Tensor Chain::forward(torch::Tensor x) {
    for (const auto& block : blocks_) x = block->forward(std::move(x));
    return x;
}

Field Chain::field(Field in) const {
    for (const auto& block : blocks_) in = block->field(in);
    return in;
}

Moments Chain::moments(const Moments& in, StepRanges& ranges) const {
    Moments moments = in;
    for (const auto& block : blocks_) moments = block->moments(moments, ranges);
    return moments;
}

void Chain::each_step(const StepVisitor& visit) {
    for (const auto& block : blocks_) block->each_step(visit);
}

Bottleneck::Bottleneck(int64_t in, int64_t width, int64_t stride)
    : reduce_(*this, "conv1", "bn1", relu_step({.in = in, .out = width})),
      spatial_(*this, "conv2", "bn2", relu_step({.in = width, .out = width, .kernel = 3, .stride = stride})),
      expand_(*this, "conv3", "bn3", {.conv = {.in = width, .out = width * kExpansion}}),
      downsample_(register_downsample(*this, in, width * kExpansion, stride)) {}

torch::Tensor Bottleneck::forward(torch::Tensor x) {
    return expand_.forward(spatial_.forward(reduce_.forward(x)), shortcut_of(x, downsample_), Activation::kRelu);
}

Field Bottleneck::field(Field in) const {
    const Field shortcut = downsample_ ? downsample_->field(in) : in;
    return united(expand_.field(spatial_.field(reduce_.field(in))), shortcut);
}

Moments Bottleneck::moments(const Moments& in, StepRanges& ranges) const {
    const Moments shortcut = downsample_ ? downsample_->moments(in, ranges) : in;
    return expand_.moments(spatial_.moments(reduce_.moments(in, ranges), ranges), shortcut, Activation::kRelu, ranges);
}

void Bottleneck::each_step(const StepVisitor& visit) {
    visit(reduce_);
    visit(spatial_);
    visit(expand_);
    if (downsample_) downsample_->each_step(visit);
}

ConvNormOptions mobile_step(ConvOptions conv, Activation activation) {
    conv.padding = Padding::kSame;
    return {.conv = conv, .activation = activation, .epsilon = 1e-3};
}

DepthwiseSeparable::DepthwiseSeparable(const MobileOptions& options)
    : shortcut_(keeps_shape(options)),
      depthwise_(*this, "conv_dw", "bn1", depthwise_step(options.in, options)),
      project_(*this, "conv_pw", "bn2", mobile_step({.in = options.in, .out = options.out}, Activation::kNone)) {
    TORCH_CHECK(options.expansion == 1, "a depthwise-separable block does not expand");
}

torch::Tensor DepthwiseSeparable::forward(torch::Tensor x) {
    const auto y = depthwise_.forward(x);
    return shortcut_ ? project_.forward(y, x, Activation::kNone) : project_.forward(y);
}

Field DepthwiseSeparable::field(Field in) const {
    const Field out = project_.field(depthwise_.field(in));
    return shortcut_ ? united(out, in) : out;
}

Moments DepthwiseSeparable::moments(const Moments& in, StepRanges& ranges) const {
    const Moments inside = depthwise_.moments(in, ranges);
    return shortcut_ ? project_.moments(inside, in, Activation::kNone, ranges) : project_.moments(inside, ranges);
}

void DepthwiseSeparable::each_step(const StepVisitor& visit) {
    visit(depthwise_);
    visit(project_);
}

InvertedResidual::InvertedResidual(const MobileOptions& options)
    : shortcut_(keeps_shape(options)),
      expand_(*this, "conv_pw", "bn1",
              mobile_step({.in = options.in, .out = options.in * options.expansion}, Activation::kRelu6)),
      depthwise_(*this, "conv_dw", "bn2", depthwise_step(options.in * options.expansion, options)),
      project_(*this, "conv_pwl", "bn3",
               mobile_step({.in = options.in * options.expansion, .out = options.out}, Activation::kNone)) {}

torch::Tensor InvertedResidual::forward(torch::Tensor x) {
    const auto y = depthwise_.forward(expand_.forward(x));
    return shortcut_ ? project_.forward(y, x, Activation::kNone) : project_.forward(y);
}

Field InvertedResidual::field(Field in) const {
    const Field out = project_.field(depthwise_.field(expand_.field(in)));
    return shortcut_ ? united(out, in) : out;
}

Moments InvertedResidual::moments(const Moments& in, StepRanges& ranges) const {
    const Moments inside = depthwise_.moments(expand_.moments(in, ranges), ranges);
    return shortcut_ ? project_.moments(inside, in, Activation::kNone, ranges) : project_.moments(inside, ranges);
}

void InvertedResidual::each_step(const StepVisitor& visit) {
    visit(expand_);
    visit(depthwise_);
    visit(project_);
}

}  // namespace kaziranga::models
