#include "training/heads/lda.hpp"

#include <ATen/ops/eye.h>
#include <ATen/ops/linalg_solve.h>

#include <algorithm>

namespace kaziranga::training {
namespace {

/// What rounding makes of classes that do not vary, as a part of the total variance.
constexpr double kNoVariance = 1e-12;

/// @param trace    of S     @param squares  |S|^2 (Frobenius)
/// @param lengths  [N], squared, of the rows less their class means     @param share  [N], weights of sum one
double ledoit_wolf(double trace, double squares, double columns, const at::Tensor& lengths, const at::Tensor& share) {
    const double fourth = share.dot(lengths.square()).item<double>();
    const double distance = squares - trace * trace / columns;  // |S - mu I|^2
    const double noise = std::max(fourth - squares, 0.0) * share.square().sum().item<double>();
    return noise < distance ? noise / distance : 1;
}

}  // namespace

Lda::Lda(const RotatedRows& rotated)
    : means_(rotated.rows.class_means()),
      directions_(rotated.axes.directions),
      variances_(rotated.axes.variances.to(at::kDouble)) {
    const WeightedRows& rows = rotated.rows;
    const auto type = rotated.precision();
    const at::Tensor weights = rows.class_weights(), share = rows.w / rows.w.sum();
    class_weights_ = weights / weights.sum();
    along_ = means_.to(type).matmul(directions_).to(at::kDouble);
    const at::Tensor centred =
        (means_ - rotated.axes.mean.to(at::kDouble)).to(type).matmul(directions_).to(at::kDouble);
    between_ = centred * class_weights_.sqrt().unsqueeze(1);

    const auto columns = static_cast<double>(rows.x.size(1));
    const at::Tensor deviations = rows.x.to(type) - means_.to(type).index_select(0, rows.y);
    const at::Tensor lengths = deviations.square().sum(1, false, at::kDouble);
    const double trace = share.dot(lengths).item<double>(), between = between_.square().sum().item<double>();
    varies_ = trace > kNoVariance * between;
    spherical_ = (varies_ ? trace : between) / columns;
    if (!(spherical_ > 0)) spherical_ = 1;  // all rows are one point
    if (!varies_) return;
    const double squares = variances_.square().sum().item<double>() -
                           2 * between_.square().matmul(variances_).sum().item<double>() +
                           between_.matmul(between_.t()).square().sum().item<double>();
    analytic_shrinkage_ = ledoit_wolf(trace, squares, columns, lengths, share);
}

LinearMap Lda::solve(double shrinkage) const {
    TORCH_CHECK(shrinkage > 0 && shrinkage <= 1, "the shrinkage must be in (0, 1]");
    at::Tensor weight = means_ / spherical_;
    if (varies_) {
        const double kept = 1 - shrinkage, sphere = shrinkage * spherical_;
        const at::Tensor diagonal = variances_ * kept + sphere;
        const at::Tensor means = along_ / diagonal, scaled = between_ / diagonal;
        const at::Tensor small = at::eye(between_.size(0), between_.options()) - kept * scaled.matmul(between_.t());
        const at::Tensor solved = means + kept * means.matmul(between_.t()).matmul(at::linalg_solve(small, scaled));
        // Outside the span of the axes the covariance is the sphere's.
        const at::Tensor inside = (solved - along_ / sphere).to(directions_.scalar_type());
        weight = means_ / sphere + inside.matmul(directions_.t()).to(at::kDouble);
    }
    return {weight, class_weights_.log() - (means_ * weight).sum(1) / 2};
}

}  // namespace kaziranga::training
