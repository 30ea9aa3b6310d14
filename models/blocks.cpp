#include "models/blocks.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace kaziranga::models {
namespace {

/// Pixels of "SAME" padding along one axis, both sides together.
int64_t same_padding(int64_t size, int64_t kernel, int64_t stride) {
    const int64_t outputs = (size + stride - 1) / stride;
    return std::max<int64_t>((outputs - 1) * stride + kernel - size, 0);
}

// The activations work in place: neither the backward of batch norm nor that of an addition reads its own output.
torch::Tensor activate(torch::Tensor x, Activation activation) {
    switch (activation) {
        case Activation::kRelu:
            return x.relu_();
        case Activation::kRelu6:
            return at::relu6_(x);
        case Activation::kNone:
            break;
    }
    return x;
}

/// torchvision's `downsample`, a Sequential of a convolution and its batch norm.
class Projection : public Block {
  public:
    Projection(int64_t in, int64_t out, int64_t stride)
        : step_(*this, "0", "1", {.conv = {.in = in, .out = out, .stride = stride}}) {}

    torch::Tensor forward(torch::Tensor x) override { return step_.forward(x); }
    Field field(Field in) const override { return step_.field(in); }

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

torch::Tensor add_shortcut(torch::Tensor x, const torch::Tensor& input, const std::shared_ptr<Block>& downsample) {
    return x.add_(downsample ? downsample->forward(input) : input).relu_();
}

Conv::Conv(const ConvOptions& options) : options_(options) {
    const auto& [in, out, kernel, stride, groups, padding, bias] = options_;
    TORCH_CHECK(groups > 0 && in % groups == 0 && out % groups == 0, "channels must be a multiple of groups");
    const double fan_out = static_cast<double>(kernel * kernel * out / groups);
    weight_ = register_parameter("weight", torch::empty({out, in / groups, kernel, kernel}));
    if (bias) bias_ = register_parameter("bias", torch::zeros({out}));
    torch::NoGradGuard no_grad;
    weight_.normal_(0.0, std::sqrt(2.0 / fan_out));
}

torch::Tensor Conv::forward(const torch::Tensor& x) const {
    return forward(x, weight_, bias_);
}

torch::Tensor Conv::forward(const torch::Tensor& x, const torch::Tensor& any_weight,
                            const torch::Tensor& any_bias) const {
    const auto weight = any_weight.to(x.scalar_type());
    const auto bias = any_bias.defined() ? any_bias.to(x.scalar_type()) : any_bias;
    const Window rows = window(x.size(2)), columns = window(x.size(3));
    // What is the same on both sides costs nothing inside the convolution; only the odd pixel needs a copy.
    const int64_t below = rows.padding_after - rows.padding_before;
    const int64_t right = columns.padding_after - columns.padding_before;
    const auto input = below != 0 || right != 0 ? at::constant_pad_nd(x, {0, right, 0, below}) : x;
    return at::conv2d(input, weight, bias, options_.stride, {rows.padding_before, columns.padding_before}, 1,
                      options_.groups);
}

Window Conv::window(int64_t size) const {
    Window window{.kernel = options_.kernel, .stride = options_.stride};
    if (options_.padding == Padding::kCentred) {
        window.padding_before = window.padding_after = options_.kernel / 2;
    } else if (options_.padding == Padding::kSame) {
        const int64_t both = same_padding(size, options_.kernel, options_.stride);
        window.padding_before = both / 2;
        window.padding_after = both - both / 2;
    }
    return window;
}

void BatchNorm::to(torch::Device device, torch::Dtype dtype, bool non_blocking) {
    // detach(): `to` the same device gives the tensor itself, which the base class then converts in place.
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
    if (!norm_) return activate(conv_->forward(x), activation_);
    const bool fixed_statistics = !norm_->is_training();
    if (fixed_statistics && at::GradMode::is_enabled()) return activate(folded(x), activation_);
    return activate(norm_->forward(conv_->forward(x)), activation_);
}

torch::Tensor ConvNorm::folded(const torch::Tensor& x) const {
    const auto scale = norm_->weight * (norm_->running_var + norm_->options.eps()).rsqrt();
    const auto bias = norm_->bias - norm_->running_mean * scale;
    return conv_->forward(x, conv_->weight() * scale.view({-1, 1, 1, 1}), bias);
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

Bottleneck::Bottleneck(int64_t in, int64_t width, int64_t stride)
    : reduce_(*this, "conv1", "bn1", relu_step({.in = in, .out = width})),
      spatial_(*this, "conv2", "bn2", relu_step({.in = width, .out = width, .kernel = 3, .stride = stride})),
      expand_(*this, "conv3", "bn3", {.conv = {.in = width, .out = width * kExpansion}}),
      downsample_(register_downsample(*this, in, width * kExpansion, stride)) {}

torch::Tensor Bottleneck::forward(torch::Tensor x) {
    return add_shortcut(expand_.forward(spatial_.forward(reduce_.forward(x))), x, downsample_);
}

Field Bottleneck::field(Field in) const {
    const Field shortcut = downsample_ ? downsample_->field(in) : in;
    return united(expand_.field(spatial_.field(reduce_.field(in))), shortcut);
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
    auto y = project_.forward(depthwise_.forward(x));
    return shortcut_ ? y.add_(x) : y;
}

Field DepthwiseSeparable::field(Field in) const {
    const Field out = project_.field(depthwise_.field(in));
    return shortcut_ ? united(out, in) : out;
}

InvertedResidual::InvertedResidual(const MobileOptions& options)
    : shortcut_(keeps_shape(options)),
      expand_(*this, "conv_pw", "bn1",
              mobile_step({.in = options.in, .out = options.in * options.expansion}, Activation::kRelu6)),
      depthwise_(*this, "conv_dw", "bn2", depthwise_step(options.in * options.expansion, options)),
      project_(*this, "conv_pwl", "bn3",
               mobile_step({.in = options.in * options.expansion, .out = options.out}, Activation::kNone)) {}

torch::Tensor InvertedResidual::forward(torch::Tensor x) {
    auto y = project_.forward(depthwise_.forward(expand_.forward(x)));
    return shortcut_ ? y.add_(x) : y;
}

Field InvertedResidual::field(Field in) const {
    const Field out = project_.field(depthwise_.field(expand_.field(in)));
    return shortcut_ ? united(out, in) : out;
}

}  // namespace kaziranga::models
