#include "models/heads.hpp"

#include <cmath>

namespace kaziranga::models {
namespace {

/// The initial values of PyTorch's Linear: uniform in ±1/sqrt(inputs), for weights and biases.
torch::Tensor uniform(torch::IntArrayRef shape, int64_t inputs) {
    const double range = 1.0 / std::sqrt(static_cast<double>(inputs));
    return torch::empty(shape).uniform_(-range, range);
}

}  // namespace

torch::Tensor unit_rows(const torch::Tensor& x) {
    constexpr double kShortest = 1e-12;
    return x / at::linalg_vector_norm(x, 2, {1}, /*keepdim=*/true).clamp_min(kShortest);
}

torch::Tensor mean_logits(Head& head, const torch::Tensor& features) {
    const torch::NoGradGuard no_grad;
    const auto parameters = head.parameters();
    const torch::Device device = (parameters.empty() ? head.buffers() : parameters).front().device();
    const torch::Tensor rows = features.narrow(-1, 0, head.spec().features).flatten(0, 1).to(device);
    return head.forward(rows).view({features.size(0), features.size(1), -1}).mean(1).cpu();
}

LinearHead::LinearHead(const HeadSpec& spec)
    : Head(spec),
      weight(register_parameter("weight", uniform({spec.classes, spec.features + spec.source_classes}, spec.features))),
      bias(register_parameter("bias", uniform({spec.classes}, spec.features))) {}

torch::Tensor LinearHead::forward(const torch::Tensor& x) {
    return at::linear(x, weight, bias);
}

StandardisedHead::StandardisedHead(const HeadSpec& spec)
    : Head(spec),
      mean(register_buffer("mean", torch::zeros({spec.features}))),
      scale(register_buffer("scale", torch::ones({spec.features}))) {}

void StandardisedHead::set(const torch::Tensor& new_mean, const torch::Tensor& new_scale) {
    const torch::NoGradGuard no_grad;
    mean.copy_(new_mean);
    scale.copy_(new_scale);
}

CosineHead::CosineHead(const HeadSpec& spec)
    : StandardisedHead(spec),
      weight(register_parameter("weight", uniform({spec.classes, spec.features}, spec.features))),
      log_scale(register_parameter("log_scale", torch::full({}, std::log(10.0)))) {}

torch::Tensor CosineHead::forward(const torch::Tensor& x) {
    return log_scale.exp() * unit_rows(standardise(x)).matmul(unit_rows(weight).t());
}

MlpHead::MlpHead(const HeadSpec& spec)
    : StandardisedHead(spec),
      hidden_weight_(register_parameter("hidden_weight", uniform({spec.hidden, spec.features}, spec.features))),
      hidden_bias_(register_parameter("hidden_bias", uniform({spec.hidden}, spec.features))),
      weight_(register_parameter("weight", uniform({spec.classes, spec.hidden}, spec.hidden))),
      bias_(register_parameter("bias", uniform({spec.classes}, spec.hidden))) {}

torch::Tensor MlpHead::forward(const torch::Tensor& x) {
    return at::linear(at::gelu(at::linear(standardise(x), hidden_weight_, hidden_bias_)), weight_, bias_);
}

NeighboursHead::NeighboursHead(const HeadSpec& spec)
    : StandardisedHead(spec),
      bank(register_buffer("bank", torch::zeros({spec.bank, spec.features}))),
      labels(register_buffer("labels", torch::zeros({spec.bank}, torch::kLong))),
      logit_scale(register_buffer("logit_scale", torch::ones({}))) {}

torch::Tensor NeighboursHead::forward(const torch::Tensor& x) {
    const auto [similarity, index] = unit_rows(standardise(x)).matmul(bank.t()).topk(spec().neighbours, 1);
    constexpr double kNoVote = 0.1;  // of the weakest vote
    const int64_t last = spec().neighbours - 1;
    const torch::Tensor log_votes = (similarity - similarity.narrow(1, 0, 1)) / spec().temperature;
    const torch::Tensor votes =
        torch::zeros({x.size(0), spec().classes}, log_votes.options())
            .scatter_add(1, labels.index_select(0, index.flatten()).view_as(index), log_votes.exp());
    // Computes the logarithm of the floor directly, because the floor itself can be too small for a float.
    return logit_scale * votes.log().maximum(log_votes.narrow(1, last, 1) + std::log(kNoVote));
}

std::string NeighboursHead::problem() const {
    const bool known = labels.ge(0).logical_and(labels.lt(spec().classes)).all().item<bool>();
    return known ? "" : "remembered images of classes that there are not";
}

}  // namespace kaziranga::models
