#include "studies/bias_variance/network_loss.hpp"

#include <cmath>

#include <ATen/ops/cat.h>
#include <ATen/ops/cholesky_solve.h>
#include <ATen/ops/dot.h>
#include <ATen/ops/full.h>
#include <ATen/ops/linalg_cholesky_ex.h>
#include <ATen/ops/log_softmax.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/scatter_add.h>
#include <ATen/ops/tanh_backward.h>
#include <c10/util/Exception.h>

namespace kaziranga::studies {
namespace {

using at::Tensor;

/// Calls visit(index of the layer's first weight, in, out, true for the last layer) layer by layer.
template <class Visit>
void each_layer(const NetworkShape& shape, Visit visit) {
    int64_t first = 0, in = shape.inputs;
    for (int64_t layer = 0; layer <= shape.hidden_layers; ++layer) {
        const bool last = layer == shape.hidden_layers;
        const int64_t out = last ? shape.outputs : shape.width;
        visit(first, in, out, last);
        first += (in + 1) * out;
        in = out;
    }
}

}  // namespace

int64_t NetworkShape::parameters() const {
    int64_t count = 0;
    each_layer(*this, [&](int64_t, int64_t in, int64_t out, bool) { count += (in + 1) * out; });
    return count;
}

Tensor NetworkShape::start_deviations() const {
    std::vector<Tensor> parts;
    each_layer(*this, [&](int64_t, int64_t in, int64_t out, bool) {
        parts.push_back(at::full({(in + 1) * out}, 1 / std::sqrt(static_cast<double>(in)), at::kDouble));
    });
    return at::cat(parts);
}

Tensor NetworkShape::predict(const Tensor& w, const Tensor& x) const {
    Tensor h = x;
    each_layer(*this, [&](int64_t first, int64_t in, int64_t out, bool last) {
        std::vector<int64_t> of_weights = {in, out}, of_biases = {1, out};
        if (w.dim() == 2) {
            of_weights.insert(of_weights.begin(), w.size(0));
            of_biases.insert(of_biases.begin(), w.size(0));
        }
        h = at::matmul(h, w.narrow(-1, first, in * out).view(of_weights)) +
            w.narrow(-1, first + in * out, out).view(of_biases);
        if (!last) h = h.tanh();
    });
    return h;
}

NetworkLoss::NetworkLoss(const NetworkShape& shape, const Tensor& x, const Tensor& targets, double weight_decay)
    : shape_(shape),
      targets_(targets),
      weight_decay_(weight_decay),
      squared_(targets.scalar_type() == at::kDouble),
      penalties_(at::full({shape.parameters()}, 2 * weight_decay, at::kDouble)),
      one_(at::ones({x.size(0), 1}, at::kDouble)),
      inputs_{at::cat({x, one_}, 1)} {
    TORCH_CHECK(x.scalar_type() == at::kDouble, "learners are trained in float64");
    TORCH_CHECK(!squared_ || shape.outputs == 1, "squared errors are of one output");
    penalties_.narrow(0, shape.parameters() - shape.outputs, shape.outputs).zero_();
}

std::vector<Tensor> NetworkLoss::layers_of(const Tensor& w) const {
    std::vector<Tensor> layers;
    each_layer(shape_, [&](int64_t first, int64_t in, int64_t out, bool) {
        layers.push_back(w.narrow(0, first, (in + 1) * out).view({in + 1, out}));
    });
    return layers;
}

double NetworkLoss::move_to(const Tensor& w) {
    w_ = w;
    layers_ = layers_of(w);
    unit_slopes_.clear();
    inputs_.resize(1);
    for (size_t layer = 0; layer + 1 < layers_.size(); ++layer) {
        inputs_.push_back(at::cat({at::mm(inputs_[layer], layers_[layer]).tanh_(), one_}, 1));
    }
    outputs_ = at::mm(inputs_.back(), layers_.back());
    const Tensor loss = squared_ ? (outputs_ - targets_).square_().mean()
                                 : -at::log_softmax(outputs_, 1).gather(1, targets_.unsqueeze(1)).mean();
    return loss.item<double>() + at::dot(w * penalties_, w).item<double>() / 2;
}

std::vector<Tensor> NetworkLoss::backward(Tensor slope) const {
    std::vector<Tensor> slopes(layers_.size());
    for (size_t layer = layers_.size(); layer-- > 0;) {
        slopes[layer] = slope;
        if (layer == 0) break;
        const int64_t in = layers_[layer].size(0) - 1;
        slope = at::tanh_backward(at::mm(slope, layers_[layer].narrow(0, 0, in).t()), inputs_[layer].narrow(1, 0, in));
    }
    return slopes;
}

Tensor NetworkLoss::joined(const std::vector<Tensor>& slopes) const {
    std::vector<Tensor> parts;
    for (size_t layer = 0; layer < slopes.size(); ++layer) {
        parts.push_back(at::mm(inputs_[layer].t(), slopes[layer]).view(-1));
    }
    return at::cat(parts);
}

const std::vector<Tensor>& NetworkLoss::unit_slopes() {
    if (unit_slopes_.empty()) unit_slopes_ = backward(one_);
    return unit_slopes_;
}

Tensor NetworkLoss::gradient() {
    const auto rows = static_cast<double>(one_.size(0));
    std::vector<Tensor> slopes;
    if (squared_) {
        const Tensor error = (outputs_ - targets_).mul_(2 / rows);
        for (const Tensor& slope : unit_slopes()) slopes.push_back(slope * error);
    } else {
        slopes = backward(at::log_softmax(outputs_, 1).exp_().scatter_add_(1, targets_.unsqueeze(1), -one_).div_(rows));
    }
    return joined(slopes).addcmul_(w_, penalties_);
}

std::function<Tensor(const Tensor&)> NetworkLoss::inverse_curvature(double damping) {
    TORCH_CHECK(squared_ && damping > 0, "of squared errors, damped");
    const double share = 2 / static_cast<double>(one_.size(0));
    const double penalised = 1 / (2 * weight_decay_ + damping), free = 1 / damping;
    const std::vector<Tensor>& slopes = unit_slopes();
    Tensor matrix;  // I + 2/N J D⁻¹ Jᵀ
    for (size_t layer = 0; layer < slopes.size(); ++layer) {
        Tensor part = at::mm(inputs_[layer], inputs_[layer].t()).mul_(share * penalised);
        if (layer + 1 == slopes.size()) {
            matrix = layer == 0 ? part : matrix.add_(part);  // its slopes are 1
            matrix.add_(share * (free - penalised));         // the last bias has no penalty
        } else {
            part.mul_(at::mm(slopes[layer], slopes[layer].t()));
            matrix = layer == 0 ? part : matrix.add_(part);
        }
    }
    matrix.diagonal().add_(1);
    const auto [factor, failed] = at::linalg_cholesky_ex(matrix);
    if (failed.item<int>() != 0) return {};
    return [this, share, inverse = (penalties_ + damping).reciprocal_(), root = factor](const Tensor& v) {
        const Tensor scaled = v * inverse;
        const std::vector<Tensor> along = layers_of(scaled);
        Tensor change;  // J D⁻¹ v, [N, 1]
        for (size_t layer = 0; layer < along.size(); ++layer) {
            const Tensor part = at::mm(inputs_[layer], along[layer]).mul_(unit_slopes_[layer]).sum(1, true);
            change = layer == 0 ? part : change.add_(part);
        }
        const Tensor dual = at::cholesky_solve(change.mul_(share), root);
        std::vector<Tensor> weighted;
        for (const Tensor& slope : unit_slopes_) weighted.push_back(slope * dual);
        return scaled - joined(weighted).mul_(inverse);
    };
}

}  // namespace kaziranga::studies
