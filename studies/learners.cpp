#include "studies/learners.hpp"

#include "core/interrupt.hpp"
#include "studies/draws.hpp"

#include <cmath>
#include <numbers>

#include <ATen/ops/baddbmm.h>
#include <ATen/ops/zeros.h>
#include <c10/core/GradMode.h>
#include <torch/optim/adamw.h>

namespace kaziranga::studies {

using at::Tensor;

Learners::Learners(int64_t count, int64_t inputs, int64_t outputs, const LearnerOptions& options,
                   const at::Generator& from)
    : options_(options) {
    int64_t in = inputs;
    for (int64_t layer = 0; layer <= options.hidden_layers; ++layer) {
        const int64_t out = layer < options.hidden_layers ? options.width : outputs;
        const double scale = 1 / std::sqrt(static_cast<double>(in));
        weights_.push_back((normal({count, in, out}, from) * scale).to(at::kFloat).requires_grad_());
        biases_.push_back((normal({count, 1, out}, from) * scale).to(at::kFloat).requires_grad_());
        in = out;
    }
}

Tensor Learners::predict(const Tensor& x) const {
    const int64_t count = weights_.front().size(0);
    Tensor h = x.dim() == 3 ? x : x.unsqueeze(0).expand({count, x.size(0), x.size(1)});
    for (size_t layer = 0; layer < weights_.size(); ++layer) {
        h = at::baddbmm(biases_[layer], h, weights_[layer]);
        if (layer + 1 < weights_.size()) h = h.tanh();
    }
    return h;
}

void Learners::train(const Tensor& x, const std::function<Tensor(const Tensor&)>& loss) {
    using torch::optim::AdamWOptions;
    torch::optim::AdamW optimizer(
        {torch::optim::OptimizerParamGroup(weights_), torch::optim::OptimizerParamGroup(biases_)},
        AdamWOptions(options_.lr).weight_decay(0));
    for (int64_t step = 0; step < options_.steps; ++step) {
        core::throw_if_interrupted();
        const double done = static_cast<double>(step) / static_cast<double>(options_.steps);
        const double rate = options_.lr * (1 + std::cos(std::numbers::pi * done)) / 2;
        for (size_t group = 0; group < optimizer.param_groups().size(); ++group) {
            auto& options = static_cast<AdamWOptions&>(optimizer.param_groups()[group].options());
            options.lr(rate);
            options.weight_decay(group == 0 ? options_.weight_decay : 0);  // weights decay, biases do not
        }
        optimizer.zero_grad();
        loss(predict(x)).backward();
        optimizer.step();
    }
}

}  // namespace kaziranga::studies
