#include "training/heads/weighted_rows.hpp"

#include <ATen/ops/one_hot.h>
#include <ATen/ops/ones.h>

namespace kaziranga::training {

WeightedRows::WeightedRows(const at::Tensor& features, const at::Tensor& labels, int64_t number_of_classes,
                           const at::Tensor& weights)
    : x(features), y(labels), classes(number_of_classes), w(weights) {
    TORCH_CHECK(x.dim() == 2 && x.is_floating_point() && x.size(0) > 0, "rows of features expected, got ", x.sizes());
    if (!w.defined()) w = at::ones({x.size(0)}, x.options().dtype(at::kDouble));
    TORCH_CHECK(y.dim() == 1 && y.size(0) == x.size(0) && y.scalar_type() == at::kLong, "one label a row expected");
    TORCH_CHECK(w.dim() == 1 && w.size(0) == x.size(0) && w.scalar_type() == at::kDouble, "one weight a row expected");
    TORCH_CHECK(y.min().item<int64_t>() >= 0 && y.max().item<int64_t>() < classes, "label outside [0, ", classes, ")");
    TORCH_CHECK(w.min().item<double>() >= 0 && w.sum().item<double>() > 0, "weights must be >= 0, one at least > 0");
}

at::Tensor WeightedRows::one_hot() const {
    return at::one_hot(y, classes).to(at::kDouble);
}

at::Tensor WeightedRows::class_means() const {
    const at::Tensor membership = one_hot() * w.unsqueeze(1);
    const at::Tensor sums = membership.sum(0);
    TORCH_CHECK(sums.min().item<double>() > 0, "a class has no row of positive weight");
    return membership.t().matmul(x.to(at::kDouble)) / sums.unsqueeze(1);
}

}  // namespace kaziranga::training
