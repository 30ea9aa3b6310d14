#include "models/inference/quantised_conv.hpp"

#include "models/inference/onednn.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <ATen/quantized/Quantizer.h>

namespace kaziranga::models {
namespace {

using onednn::kNoDilation;
using onednn::MaybeTensor;
using onednn::Scalars;
using onednn::Sizes;
using onednn::Word;
using torch::Tensor;

constexpr double kLargestByte = 255;
constexpr double kLargestWeight = 127;

ByteScale scale_of(const Tensor& x) {
    return {.scale = x.q_scale(), .zero = x.q_zero_point()};
}

/// A view of the bytes of a quantised tensor, which must outlive the view.
Tensor bytes_of(const Tensor& x) {
    return at::from_blob(x.mutable_data_ptr(), x.sizes(), x.strides(), at::kByte);
}

/// A quantised tensor of these bytes.
Tensor with_scale(const Tensor& bytes, ByteScale scale) {
    return at::from_blob_quantized_per_tensor_affine(
        bytes.mutable_data_ptr(), bytes.sizes(), bytes.strides(), [bytes](void*) {}, static_cast<float>(scale.scale),
        scale.zero, at::TensorOptions(at::kQUInt8));
}

Tensor pack_weight(const Tensor& weight, const Tensor& weight_scale, ByteScale input, Sizes stride, Sizes padding,
                   int64_t groups, Sizes input_sizes) {
    static const auto op =
        onednn::find_operator<Tensor(Tensor, Tensor, double, int64_t, at::List<int64_t>, at::List<int64_t>,
                                     at::List<int64_t>, int64_t, std::optional<at::List<int64_t>>)>(
            "onednn::qconv_prepack", "");
    return op.call(weight, weight_scale, input.scale, input.zero, at::List<int64_t>(stride), at::List<int64_t>(padding),
                   at::List<int64_t>(Sizes(kNoDilation)), groups, at::List<int64_t>(input_sizes));
}

}  // namespace

ByteScale byte_scale(double low, double high) {
    low = std::min(low, 0.0);
    high = std::max(high, 0.0);
    if (high == low) return {};
    const double scale = (high - low) / kLargestByte;
    return {.scale = scale, .zero = std::llround(-low / scale)};
}

bool adds_pairs_in_16_bits() {
    return !__builtin_cpu_supports("avx512vnni") && !__builtin_cpu_supports("avxvnni");
}

namespace {

/// The largest absolute sum of two weights of neighbouring channels, whose products are added first.
/// @param weight  [out, in, kernel, kernel]     @return  [out]
Tensor largest_pair(const Tensor& weight) {
    const Tensor pairs = at::constant_pad_nd(weight, {0, 0, 0, 0, 0, weight.size(1) % 2}).unflatten(1, {-1, 2});
    const auto largest = [&](const Tensor& part) { return part.abs().sum(2).amax({1, 2, 3}); };
    return at::maximum(largest(pairs.clamp_min(0)), largest(pairs.clamp_max(0)));
}

}  // namespace

QuantisedConv::QuantisedConv(const ConvOptions& options, const Tensor& weight, const Tensor& bias,
                             const Tensor& input_mean, ByteScale output)
    : options_(options), stride_{options.stride, options.stride}, output_(output) {
    const Tensor real = weight.detach().to(torch::kFloat32);
    const bool pairs = real.size(1) > 1 && adds_pairs_in_16_bits();
    const Tensor largest = pairs ? largest_pair(real) : real.abs().amax({1, 2, 3});
    weight_scale_ = at::where(largest > 0, largest / kLargestWeight, at::ones_like(largest));
    const Tensor by_channel = weight_scale_.view({-1, 1, 1, 1});
    weight_ = (real / by_channel).round_().to(torch::kInt8);
    weight_zero_ = at::zeros(weight_scale_.sizes(), torch::kInt32);
    const Tensor error = (weight_ * by_channel - real).sum({2, 3});  // [out, in / groups]
    const Tensor means = input_mean.to(torch::kFloat32).view({options.groups, options.in / options.groups, 1});
    const Tensor shift = error.view({options.groups, options.out / options.groups, -1}).bmm(means).view({-1});
    bias_ = (bias.detach().to(torch::kFloat32) - shift).contiguous();
}

Tensor QuantisedConv::forward(const Tensor& x, Activation activation) const {
    using Signature = Tensor(Tensor, double, int64_t, Tensor, Tensor, Tensor, MaybeTensor, at::List<int64_t>,
                             at::List<int64_t>, at::List<int64_t>, int64_t, double, int64_t,
                             std::optional<at::ScalarType>, std::string_view, Scalars, Word);
    static const auto op = onednn::find_operator<Signature>("onednn::qconv2d_pointwise", "");
    const auto form = prepared(x);
    const onednn::Spelling spelling = onednn::spell(activation);
    const Tensor y =
        op.call(bytes_of(x), form->input_scale.scale, form->input_scale.zero, form->kernel.weight, weight_scale_,
                weight_zero_, bias_, at::List<int64_t>(Sizes(stride_)), at::List<int64_t>(Sizes(form->kernel.padding)),
                at::List<int64_t>(Sizes(kNoDilation)), options_.groups, output_.scale, output_.zero, at::kByte,
                spelling.name, spelling.scalars, "");
    return with_scale(y, output_);
}

Tensor QuantisedConv::add_to(Tensor shortcut, const Tensor& x, Activation activation) const {
    using Signature =
        Tensor(Tensor, double, int64_t, Tensor, Tensor, Tensor, Tensor, MaybeTensor, at::List<int64_t>,
               at::List<int64_t>, at::List<int64_t>, int64_t, double, int64_t, std::optional<at::ScalarType>, double,
               int64_t, std::string_view, std::optional<at::Scalar>, Word, Scalars, Word);
    static const auto op = onednn::find_operator<Signature>("onednn::qconv2d_pointwise", "binary");
    const auto form = prepared(x);
    const ByteScale added = scale_of(shortcut);
    op.call(bytes_of(x), form->input_scale.scale, form->input_scale.zero, form->kernel.weight, weight_scale_,
            weight_zero_, bytes_of(shortcut), bias_, at::List<int64_t>(Sizes(stride_)),
            at::List<int64_t>(Sizes(form->kernel.padding)), at::List<int64_t>(Sizes(kNoDilation)), options_.groups,
            output_.scale, output_.zero, at::kByte, added.scale, added.zero, "sum", at::Scalar(1.0),
            onednn::spell_after_addition(activation), onednn::spell(activation).scalars, "");
    return with_scale(shortcut, output_);
}

std::shared_ptr<const QuantisedConv::Prepared> QuantisedConv::prepared(const Tensor& x) const {
    const ByteScale scale = scale_of(x);
    const std::lock_guard lock(guard_);
    const bool fits = prepared_ && x.sizes() == Sizes(prepared_->input) &&
                      prepared_->input_scale.scale == scale.scale && prepared_->input_scale.zero == scale.zero;
    if (!fits) {
        Prepared form{.input = x.sizes().vec(), .input_scale = scale, .kernel = centred(options_, weight_, x.sizes())};
        form.kernel.weight = pack_weight(form.kernel.weight, weight_scale_, scale, stride_, form.kernel.padding,
                                         options_.groups, form.input);
        prepared_ = std::make_shared<const Prepared>(std::move(form));
    }
    return prepared_;
}

}  // namespace kaziranga::models
