#include "models/layers/conv.hpp"

#include <algorithm>
#include <cmath>

namespace kaziranga::models {
namespace {

/// Pixels of "SAME" padding along one axis, both sides together.
int64_t same_padding(int64_t size, int64_t kernel, int64_t stride) {
    const int64_t outputs = (size + stride - 1) / stride;
    return std::max<int64_t>((outputs - 1) * stride + kernel - size, 0);
}

}  // namespace

Window window_of(const ConvOptions& options, int64_t size) {
    Window window{.kernel = options.kernel, .stride = options.stride};
    if (options.padding == Padding::kCentred) {
        window.padding_before = window.padding_after = options.kernel / 2;
    } else if (options.padding == Padding::kSame) {
        const int64_t both = same_padding(size, options.kernel, options.stride);
        window.padding_before = both / 2;
        window.padding_after = both - both / 2;
    }
    return window;
}

torch::Tensor with_odd_padding(const ConvOptions& options, const torch::Tensor& x) {
    const Window rows = window_of(options, x.size(2)), columns = window_of(options, x.size(3));
    const int64_t below = rows.padding_after - rows.padding_before;
    const int64_t right = columns.padding_after - columns.padding_before;
    return below != 0 || right != 0 ? at::constant_pad_nd(x, {0, right, 0, below}) : x;
}

std::vector<int64_t> padding_on_both_sides(const ConvOptions& options, const torch::Tensor& x) {
    return {window_of(options, x.size(2)).padding_before, window_of(options, x.size(3)).padding_before};
}

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

Conv::Conv(const ConvOptions& options) : options_(options) {
    const auto& [in, out, kernel, stride, groups, padding, bias] = options_;
    TORCH_CHECK(groups > 0 && in % groups == 0 && out % groups == 0, "channels must be a multiple of groups");
    const int64_t outputs_of_a_group = out / groups;
    const auto fan_out = static_cast<double>(kernel * kernel * outputs_of_a_group);
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
    return at::conv2d(with_odd_padding(options_, x), weight, bias, options_.stride, padding_on_both_sides(options_, x),
                      1, options_.groups);
}

}  // namespace kaziranga::models
