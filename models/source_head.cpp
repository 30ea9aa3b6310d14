#include "models/source_head.hpp"

#include <ATen/ops/cat.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/log_softmax.h>
#include <ATen/ops/zeros.h>
#include <c10/core/GradMode.h>

namespace kaziranga::models {

torch::Tensor source_likeness(const torch::Tensor& x, const SourceLayer& layer) {
    constexpr double kPower = 0.25;
    const torch::Tensor last = x.narrow(-1, 0, layer.weight.size(1));
    return (at::log_softmax(at::linear(last, layer.weight, layer.bias), -1) * kPower).exp();
}

SourceHead::SourceHead(const HeadSpec& spec)
    : LinearHead(spec),
      source_weight_(
          register_buffer("source_weight", at::zeros({spec.source_classes, spec.features - spec.stage_features}))),
      source_bias_(register_buffer("source_bias", at::zeros({spec.source_classes}))) {}

torch::Tensor SourceHead::forward(const torch::Tensor& x) {
    return LinearHead::forward(at::cat({x, source_likeness(x, source())}, -1));
}

void SourceHead::set_source(const SourceLayer& layer) {
    const c10::NoGradGuard no_grad;
    source_weight_.copy_(layer.weight);
    source_bias_.copy_(layer.bias);
}

}  // namespace kaziranga::models
