#include "models/fused_conv.hpp"

#include <ATen/core/List.h>
#include <ATen/core/dispatch/Dispatcher.h>

#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace kaziranga::models {
namespace {

using torch::Tensor;
using MaybeTensor = std::optional<Tensor>;
using Sizes = at::IntArrayRef;
using Scalars = c10::List<std::optional<at::Scalar>>;
using Word = std::optional<std::string_view>;

constexpr std::array<int64_t, 2> kNoDilation = {1, 1};

/// LibTorch's operators of oneDNN have no C++ header: they are found by name.
template <class Signature>
auto find_operator(const char* name, const char* overload) {
    return c10::Dispatcher::singleton().findSchemaOrThrow(name, overload).typed<Signature>();
}

Tensor reorder_weight(const Tensor& weight, Sizes padding, Sizes stride, int64_t groups, Sizes input) {
    static const auto op = find_operator<Tensor(const Tensor&, Sizes, Sizes, Sizes, int64_t, at::OptionalIntArrayRef)>(
        "mkldnn::_reorder_convolution_weight", "");
    return op.call(weight, padding, stride, kNoDilation, groups, input);
}

/// Whether oneDNN's operators take this precision here.
bool has_operators(torch::Device device, torch::Dtype precision) {
    if (!device.is_cpu()) return false;
    return precision == torch::kFloat32 || (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
                                            __builtin_cpu_supports("avx512dq"));
}

/// An activation as those operators call it.
struct Spelling {
    std::string_view name;
    Scalars scalars = Scalars();
};

Spelling spell(Activation activation) {
    constexpr double kSix = 6;
    switch (activation) {
        case Activation::kRelu:
            return {.name = "relu"};
        case Activation::kRelu6:
            return {.name = "hardtanh", .scalars = Scalars({at::Scalar(0.0), at::Scalar(kSix)})};
        case Activation::kNone:
            break;
    }
    return {.name = "none"};
}

}  // namespace

FusedConv::FusedConv(const ConvOptions& options, const Tensor& weight, const Tensor& bias, torch::Dtype precision)
    : options_(options),
      stride_{options.stride, options.stride},
      weight_(weight.detach().to(precision).contiguous(at::MemoryFormat::ChannelsLast)),
      bias_(bias.defined() ? bias.detach().to(precision) : bias),
      onednn_(has_operators(weight.device(), precision)) {
    TORCH_CHECK(precision == torch::kFloat32 || precision == torch::kBFloat16, "fused passes are float32 or bfloat16");
}

Tensor FusedConv::forward(const Tensor& x, Activation activation) const {
    if (!onednn_) return activate(plain(x), activation);
    using Signature = Tensor(const Tensor&, const Tensor&, const MaybeTensor&, Sizes, Sizes, Sizes, int64_t,
                             std::string_view, Scalars, Word);
    static const auto op = find_operator<Signature>("mkldnn::_convolution_pointwise", "");
    const auto form = prepared(x);
    const Spelling spelling = spell(activation);
    const MaybeTensor bias = bias_.defined() ? MaybeTensor(bias_) : std::nullopt;
    return op.call(x, form->weight, bias, form->padding, stride_, kNoDilation, options_.groups, spelling.name,
                   spelling.scalars, "");
}

Tensor FusedConv::add_to(Tensor shortcut, const Tensor& x, Activation activation) const {
    if (!onednn_) return activate(shortcut.add_(plain(x)), activation);
    using Signature = Tensor&(Tensor&, const Tensor&, const Tensor&, const MaybeTensor&, Sizes, Sizes, Sizes, int64_t,
                              std::string_view, std::optional<at::Scalar>, Word, Scalars, Word);
    static const auto op = find_operator<Signature>("mkldnn::_convolution_pointwise_", "binary");
    const auto form = prepared(x);
    const Spelling spelling = spell(activation);
    const MaybeTensor bias = bias_.defined() ? MaybeTensor(bias_) : std::nullopt;
    const Word unary = activation == Activation::kNone ? Word() : Word(spelling.name);
    op.call(shortcut, x, form->weight, bias, form->padding, stride_, kNoDilation, options_.groups, "add",
            at::Scalar(1.0), unary, spelling.scalars, "");
    return shortcut;
}

Tensor FusedConv::plain(const Tensor& x) const {
    const auto form = prepared(x);
    return at::conv2d(x, form->weight, bias_, stride_, form->padding, kNoDilation, options_.groups);
}

std::shared_ptr<const FusedConv::Prepared> FusedConv::prepared(const Tensor& x) const {
    const std::lock_guard lock(guard_);
    if (!prepared_ || x.sizes() != Sizes(prepared_->input)) prepared_ = prepare(x);
    return prepared_;
}

std::shared_ptr<const FusedConv::Prepared> FusedConv::prepare(const Tensor& x) const {
    const Window rows = window_of(options_, x.size(2)), columns = window_of(options_, x.size(3));
    // The odd pixel of "SAME" padding: a kernel that begins with zeros and padding that is the same on both sides give
    // the same sums, without a padded copy of every input.
    const int64_t above = rows.padding_after - rows.padding_before;
    const int64_t left = columns.padding_after - columns.padding_before;
    Prepared form{
        .input = x.sizes().vec(),
        .weight = at::constant_pad_nd(weight_, {left, 0, above, 0}).contiguous(at::MemoryFormat::ChannelsLast),
        .padding = {rows.padding_after, columns.padding_after}};
    if (onednn_) form.weight = reorder_weight(form.weight, form.padding, stride_, options_.groups, form.input);
    return std::make_shared<const Prepared>(std::move(form));
}

}  // namespace kaziranga::models
