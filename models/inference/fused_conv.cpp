#include "models/inference/fused_conv.hpp"

#include "models/inference/onednn.hpp"

#include <utility>

#include <ATen/detail/CUDAHooksInterface.h>
#include <ATen/ops/cudnn_convolution_add_relu.h>
#include <ATen/ops/cudnn_convolution_relu.h>

namespace kaziranga::models {
namespace {

using onednn::kNoDilation;
using onednn::MaybeTensor;
using onednn::Scalars;
using onednn::Sizes;
using onednn::Word;
using torch::Tensor;

Tensor reorder_weight(const Tensor& weight, Sizes padding, Sizes stride, int64_t groups, Sizes input) {
    static const auto op =
        onednn::find_operator<Tensor(const Tensor&, Sizes, Sizes, Sizes, int64_t, at::OptionalIntArrayRef)>(
            "mkldnn::_reorder_convolution_weight", "");
    return op.call(weight, padding, stride, kNoDilation, groups, input);
}

/// True if oneDNN's operators support this precision here.
bool has_operators(torch::Device device, torch::Dtype precision) {
    if (!device.is_cpu()) return false;
    return precision == torch::kFloat32 || (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
                                            __builtin_cpu_supports("avx512dq"));
}

/// True if cuDNN adds bias, shortcut and ReLU inside its convolutions: in bfloat16 on GPUs since Ampere.
bool has_fused_relu(torch::Device device, torch::Dtype precision, int64_t groups) {
    return device.is_cuda() && precision == torch::kBFloat16 && groups == 1 &&
           at::detail::getCUDAHooks().supportsBFloat16ConvolutionWithCuDNNv8();
}

}  // namespace

FusedConv::FusedConv(const ConvOptions& options, const Tensor& weight, const Tensor& bias, torch::Dtype precision)
    : options_(options),
      stride_{options.stride, options.stride},
      weight_(weight.detach().to(precision).contiguous(at::MemoryFormat::ChannelsLast)),
      bias_(bias.defined() ? bias.detach().to(precision) : bias),
      onednn_(has_operators(weight.device(), precision)),
      cudnn_relu_(has_fused_relu(weight.device(), precision, options.groups)) {
    TORCH_CHECK(precision == torch::kFloat32 || precision == torch::kBFloat16, "fused passes are float32 or bfloat16");
}

Tensor FusedConv::forward(const Tensor& x, Activation activation) const {
    if (cudnn_relu_ && activation == Activation::kRelu) {
        return at::cudnn_convolution_relu(with_odd_padding(options_, x), weight_, bias_, stride_,
                                          padding_on_both_sides(options_, x), kNoDilation, options_.groups);
    }
    if (!onednn_) return activate(plain(x), activation);
    using Signature = Tensor(const Tensor&, const Tensor&, const MaybeTensor&, Sizes, Sizes, Sizes, int64_t,
                             std::string_view, Scalars, Word);
    static const auto op = onednn::find_operator<Signature>("mkldnn::_convolution_pointwise", "");
    const auto form = prepared(x);
    const onednn::Spelling spelling = onednn::spell(activation);
    return op.call(x, form->kernel.weight, onednn::maybe(bias_), form->kernel.padding, stride_, kNoDilation,
                   options_.groups, spelling.name, spelling.scalars, "");
}

Tensor FusedConv::add_to(Tensor shortcut, const Tensor& x, Activation activation) const {
    if (cudnn_relu_ && activation == Activation::kRelu) {
        return at::cudnn_convolution_add_relu(with_odd_padding(options_, x), weight_, shortcut, 1.0, bias_, stride_,
                                              padding_on_both_sides(options_, x), kNoDilation, options_.groups);
    }
    if (!onednn_) return activate(shortcut.add_(plain(x)), activation);
    using Signature = Tensor&(Tensor&, const Tensor&, const Tensor&, const MaybeTensor&, Sizes, Sizes, Sizes, int64_t,
                              std::string_view, std::optional<at::Scalar>, Word, Scalars, Word);
    static const auto op = onednn::find_operator<Signature>("mkldnn::_convolution_pointwise_", "binary");
    const auto form = prepared(x);
    op.call(shortcut, x, form->kernel.weight, onednn::maybe(bias_), form->kernel.padding, stride_, kNoDilation,
            options_.groups, "add", at::Scalar(1.0), onednn::spell_after_addition(activation),
            onednn::spell(activation).scalars, "");
    return shortcut;
}

Tensor FusedConv::plain(const Tensor& x) const {
    return at::conv2d(with_odd_padding(options_, x), weight_, bias_, stride_, padding_on_both_sides(options_, x),
                      kNoDilation, options_.groups);
}

std::shared_ptr<const FusedConv::Prepared> FusedConv::prepared(const Tensor& x) const {
    const std::lock_guard lock(guard_);
    if (!prepared_ || x.sizes() != Sizes(prepared_->input)) prepared_ = prepare(x);
    return prepared_;
}

std::shared_ptr<const FusedConv::Prepared> FusedConv::prepare(const Tensor& x) const {
    Prepared form{.input = x.sizes().vec(), .kernel = centred(options_, weight_, x.sizes())};
    form.kernel.weight = reorder_weight(form.kernel.weight, form.kernel.padding, stride_, options_.groups, form.input);
    return std::make_shared<const Prepared>(std::move(form));
}

}  // namespace kaziranga::models
