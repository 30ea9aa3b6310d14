#include "models/conv_stack.hpp"

#include <string>

namespace kaziranga::models {

ConvStack::ConvStack(const ConvStackOptions& options) {
    for (int64_t i = 0; i < options.layers; ++i) {
        const ConvOptions conv{.in = i == 0 ? options.in : options.width,
                               .out = options.width,
                               .kernel = options.kernel,
                               .padding = options.padding};
        const bool last = i + 1 == options.layers;
        layers_.emplace_back(
            *this, std::to_string(i), /*norm_name=*/"",
            ConvNormOptions{.conv = conv, .activation = last ? Activation::kNone : Activation::kRelu, .norm = false});
    }
}

torch::Tensor ConvStack::forward(torch::Tensor x) {
    for (const ConvNorm& layer : layers_) x = layer.forward(x);
    return x;
}

Field ConvStack::field(Field in) const {
    for (const ConvNorm& layer : layers_) in = layer.field(in);
    return in;
}

Moments ConvStack::moments(const Moments& in, StepRanges& ranges) const {
    Moments moments = in;
    for (const ConvNorm& layer : layers_) moments = layer.moments(moments, ranges);
    return moments;
}

void ConvStack::each_step(const StepVisitor& visit) {
    for (ConvNorm& layer : layers_) visit(layer);
}

}  // namespace kaziranga::models
