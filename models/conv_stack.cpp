#include "models/conv_stack.hpp"

#include <string>

namespace kaziranga::models {

ConvStack::ConvStack(const ConvStackOptions& options) {
    for (int64_t i = 0; i < options.layers; ++i) {
        const ConvOptions conv{.in = i == 0 ? options.in : options.width,
                               .out = options.width,
                               .kernel = options.kernel,
                               .padding = options.padding};
        layers_.push_back(register_module(std::to_string(i), std::make_shared<Conv>(conv)));
    }
}

torch::Tensor ConvStack::forward(torch::Tensor x) {
    for (const auto& layer : layers_) {
        if (layer != layers_.front()) x = x.relu_();
        x = layer->forward(x);
    }
    return x;
}

Field ConvStack::field(Field in) const {
    for (const auto& layer : layers_) in = in.after(layer->window(in.size));
    return in;
}

}  // namespace kaziranga::models
