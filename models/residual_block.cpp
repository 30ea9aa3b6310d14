#include "models/residual_block.hpp"

#include <array>
#include <optional>
#include <utility>

#include <ATen/ops/col2im.h>
#include <ATen/ops/im2col.h>
#include <c10/core/GradMode.h>
#include <torch/csrc/autograd/custom_function.h>

namespace kaziranga::models {
namespace {

using torch::Tensor;

/// One layer of F for its backward pass: only tensors, without references to the block.
struct Layer {
    Tensor weight, bias;    ///< of the convolution; bias may be undefined
    Tensor scale, shift;    ///< of the batch norm; undefined without one
    Tensor mean, variance;  ///< fixed statistics of the batch norm; undefined if the batch's own are used
    double epsilon = 0;
    int64_t stride = 1;

    static constexpr size_t kTensors = 6;
    std::array<Tensor, kTensors> tensors() const { return {weight, bias, scale, shift, mean, variance}; }
};

Layer layer_of(const ConvNorm& step) {
    const Conv& conv = step.conv();
    Layer layer{.weight = conv.weight(), .bias = conv.bias(), .stride = conv.options().stride};
    if (!step.has_norm()) return layer;
    const BatchNorm& norm = step.norm();
    layer.scale = norm.weight;
    layer.shift = norm.bias;
    layer.epsilon = norm.options.eps();
    if (!norm.is_training()) {
        layer.mean = norm.running_mean;
        layer.variance = norm.running_var;
    }
    return layer;
}

/// One number per channel, in a shape that broadcasts to [N, C, H, W].
Tensor by_channel(const Tensor& x) {
    return x.view({1, -1, 1, 1});
}

const std::vector<int64_t> kAllButChannels = {0, 2, 3};

/// Returns dL/du of a batch norm v = scale (u - mean) / sqrt(variance + epsilon) + shift, from dL/dv, and sets
/// dL/dscale and dL/dshift. The statistics of the batch itself depend on u too.
/// Source: Ioffe and Szegedy 2015, section 3 (arXiv:1502.03167)
Tensor through_norm(const Layer& layer, const Tensor& u, const Tensor& dv, LayerGradients& gradients) {
    const bool fixed = layer.mean.defined();
    const Tensor mean = fixed ? layer.mean : u.mean(kAllButChannels);
    const Tensor variance = fixed ? layer.variance : u.var(kAllButChannels, /*unbiased=*/false);
    const Tensor inverse = by_channel((variance + layer.epsilon).rsqrt());
    const Tensor normal = (u - by_channel(mean)) * inverse;
    gradients.scale = (dv * normal).sum(kAllButChannels);
    gradients.shift = dv.sum(kAllButChannels);
    Tensor along = dv * by_channel(layer.scale) * inverse;
    if (fixed) return along;
    return along - along.mean(kAllButChannels, /*keepdim=*/true) -
           normal * (along * normal).mean(kAllButChannels, /*keepdim=*/true);
}

/// dL/d… of a layer from dL/d(its output before its activation). A convolution is a matrix product with the patches of
/// its input as columns; its backward is the two transposed products.
LayerGradients backward(const Layer& layer, const Tensor& input, const Tensor& dv) {
    const int64_t kernel = layer.weight.size(2), padding = kernel / 2;
    const int64_t out = layer.weight.size(0), count = input.size(0);
    const Tensor columns =
        at::im2col(input, {kernel, kernel}, {1, 1}, {padding, padding}, {layer.stride, layer.stride});  // [N, C k k, L]
    const Tensor matrix = layer.weight.flatten(1);                                                      // [O, C k k]
    LayerGradients gradients;
    Tensor du = dv;
    if (layer.scale.defined()) {
        const Tensor u = at::matmul(matrix, columns).view(dv.sizes());
        du = through_norm(layer, u, dv, gradients);
    }
    const Tensor flat = du.reshape({count, out, -1});  // [N, O, L]
    gradients.weight = at::matmul(flat, columns.transpose(1, 2)).sum(0).view(layer.weight.sizes());
    if (layer.bias.defined()) gradients.bias = du.sum(kAllButChannels);
    gradients.input = at::col2im(at::matmul(matrix.t(), flat), {input.size(2), input.size(3)}, {kernel, kernel}, {1, 1},
                                 {padding, padding}, {layer.stride, layer.stride});
    return gradients;
}

ResidualGradients backward(const Layer& first, const Layer& second, const Tensor& x, const Tensor& z1, const Tensor& z3,
                           const Tensor& dy) {
    ResidualGradients d;
    d.z3 = dy * (z3 > 0);
    d.z2 = d.z3;  // z3 = z2 + x
    d.second = backward(second, z1, d.z2);
    d.z1 = d.second.input;
    d.first = backward(first, x, d.z1 * (z1 > 0));
    d.x = d.z3 + d.first.input;
    return d;
}

ConvNormOptions step_options(const ResidualOptions& o, int64_t in, int64_t stride, Activation activation) {
    return {.conv = {.in = in, .out = o.width, .kernel = o.kernel, .stride = stride, .bias = !o.batch_norm},
            .activation = activation,
            .norm = o.batch_norm};
}

/// The block as one operation. Its inputs are x and the parameters of both layers, so that all of them get gradients.
class ResidualFunction : public torch::autograd::Function<ResidualFunction> {
  public:
    using Context = torch::autograd::AutogradContext;

    using Parameter = std::optional<Tensor>;

    static Tensor forward(Context* context, const Tensor& x, const Parameter&, const Parameter&, const Parameter&,
                          const Parameter&, const Parameter&, const Parameter&, const Parameter&, const Parameter&,
                          const ResidualBlock& block, const Layer& first, const Layer& second) {
        const ResidualValues values = block.values(x);
        std::vector<Tensor> kept = {x, values.z1, values.z3};
        for (const Layer* layer : {&first, &second}) {
            for (const Tensor& tensor : layer->tensors()) kept.push_back(tensor);
        }
        context->save_for_backward(kept);
        context->saved_data["epsilon"] = first.epsilon;
        context->saved_data["stride"] = first.stride;
        return values.y;
    }

    static torch::autograd::variable_list backward(Context* context, torch::autograd::variable_list dy) {
        const std::vector<Tensor> kept = context->get_saved_variables();
        const auto layer_at = [&](size_t first, int64_t stride) {
            return Layer{.weight = kept[first],
                         .bias = kept[first + 1],
                         .scale = kept[first + 2],
                         .shift = kept[first + 3],
                         .mean = kept[first + 4],
                         .variance = kept[first + 5],
                         .epsilon = context->saved_data["epsilon"].toDouble(),
                         .stride = stride};
        };
        constexpr size_t kValues = 3;
        const Layer first = layer_at(kValues, context->saved_data["stride"].toInt());
        const Layer second = layer_at(kValues + Layer::kTensors, 1);
        const ResidualGradients d = models::backward(first, second, kept[0], kept[1], kept[2], dy[0]);
        return {d.x,           d.first.weight, d.first.bias,   d.first.scale, d.first.shift, d.second.weight,
                d.second.bias, d.second.scale, d.second.shift, Tensor(),      Tensor(),      Tensor()};
    }
};

}  // namespace

ResidualBlock::ResidualBlock(const ResidualOptions& options)
    : first_(*this, "conv1", "bn1", step_options(options, options.in, options.stride, Activation::kRelu)),
      second_(*this, "conv2", "bn2", step_options(options, options.width, 1, Activation::kNone)),
      downsample_(register_downsample(*this, options.in, options.width, options.stride)) {}

ResidualBlock::ResidualBlock(int64_t in, int64_t width, int64_t stride)
    : ResidualBlock(ResidualOptions{.in = in, .width = width, .stride = stride}) {}

Tensor ResidualBlock::forward(Tensor x) {
    return second_.forward(first_.forward(x), shortcut_of(x, downsample_), Activation::kRelu);
}

Field ResidualBlock::field(Field in) const {
    const Field shortcut = downsample_ ? downsample_->field(in) : in;
    return united(second_.field(first_.field(in)), shortcut);
}

Moments ResidualBlock::moments(const Moments& in, StepRanges& ranges) const {
    const Moments shortcut = downsample_ ? downsample_->moments(in, ranges) : in;
    return second_.moments(first_.moments(in, ranges), shortcut, Activation::kRelu, ranges);
}

void ResidualBlock::each_step(const StepVisitor& visit) {
    visit(first_);
    visit(second_);
    if (downsample_) downsample_->each_step(visit);
}

ResidualValues ResidualBlock::values_from(const Tensor& z1, const Tensor& x) const {
    ResidualValues v{.z1 = z1};
    v.z2 = second_.forward(v.z1);
    v.z3 = v.z2 + shortcut_of(x, downsample_);
    v.y = v.z3.relu();
    return v;
}

ResidualGradients ResidualBlock::gradients(const Tensor& x, const ResidualValues& values, const Tensor& dy) const {
    TORCH_CHECK(downsample_ == nullptr, "the derivation is that of a shortcut without weights");
    const torch::NoGradGuard no_grad;
    return backward(layer_of(first_), layer_of(second_), x, values.z1, values.z3, dy);
}

Tensor ResidualBlock::forward_by_hand(const Tensor& x) {
    TORCH_CHECK(downsample_ == nullptr, "the derivation is that of a shortcut without weights");
    const Layer a = layer_of(first_), b = layer_of(second_);
    const auto given = [](const Tensor& parameter) {
        return parameter.defined() ? std::optional(parameter) : std::nullopt;
    };
    return ResidualFunction::apply(x, given(a.weight), given(a.bias), given(a.scale), given(a.shift), given(b.weight),
                                   given(b.bias), given(b.scale), given(b.shift), *this, a, b);
}

}  // namespace kaziranga::models
