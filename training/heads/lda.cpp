#include "training/heads/lda.hpp"

#include <algorithm>

namespace kaziranga::training {
namespace {

double ledoit_wolf(const at::Tensor& deviations, const at::Tensor& variances, const at::Tensor& w) {
    const auto columns = static_cast<double>(deviations.size(1));
    const at::Tensor share = w / w.sum();
    const double trace = variances.sum().item<double>(), squares = variances.square().sum().item<double>();
    const double fourth = share.dot(deviations.square().sum(1).square()).item<double>();
    const double distance = squares - trace * trace / columns;  // |S - mu I|^2 (Frobenius)
    const double noise = std::max(fourth - squares, 0.0) * share.square().sum().item<double>();
    return noise < distance ? noise / distance : 1;
}

}  // namespace

Lda::Lda(const WeightedRows& rows) : means_(rows.class_means()) {
    const at::Tensor weights = rows.class_weights();
    class_weights_ = weights / weights.sum();
    const auto columns = static_cast<double>(rows.x.size(1));
    const at::Tensor deviations = rows.x.to(at::kDouble) - means_.index_select(0, rows.y);
    axes_ = principal_axes(deviations, rows.w);
    spherical_ = axes_.variances.sum().item<double>() / columns;
    if (spherical_ > 0) {
        analytic_shrinkage_ = ledoit_wolf(deviations, axes_.variances, rows.w);
        return;
    }
    const at::Tensor between = means_ - class_weights_.matmul(means_);
    spherical_ = class_weights_.dot(between.square().sum(1)).item<double>() / columns;
    if (!(spherical_ > 0)) spherical_ = 1;  // all rows are one point
}

LinearMap Lda::solve(double shrinkage, Priors priors) const {
    TORCH_CHECK(shrinkage > 0 && shrinkage <= 1, "the shrinkage must be in (0, 1]");
    const bool varies = axes_.variances.sum().item<double>() > 0;
    // Along the axes the inverse of the covariance differs from that of the sphere, which holds everywhere else.
    const double sphere = varies ? shrinkage * spherical_ : spherical_;
    const at::Tensor gain = ((1 - shrinkage) * axes_.variances + sphere).reciprocal() - 1 / sphere;
    const at::Tensor along = means_.matmul(axes_.directions);
    const at::Tensor weight = means_ / sphere + (along * gain).matmul(axes_.directions.t());
    const at::Tensor bias = (means_ * weight).sum(1) / -2;
    return {weight, priors == Priors::kUniform ? bias : bias + class_weights_.log()};
}

}  // namespace kaziranga::training
