#include "training/heads/ridge.hpp"

#include <ATen/ops/eye.h>
#include <ATen/ops/linalg_inv_ex.h>
#include <ATen/ops/where.h>

namespace kaziranga::training {
namespace {

/// The unit of the penalty, per unit of weight.
/// @param variance  sum over the features
double penalty_scale(double variance, int64_t columns) {
    return variance > 0 ? variance / static_cast<double>(columns) : 1;
}

}  // namespace

// Everything is divided by the sum of the weights: weighted means instead of sums.
LinearMap solve_ridge(const RowMoments& moments, double penalty, at::ScalarType type) {
    TORCH_CHECK(penalty > 0, "the penalty must be positive");
    const double shift =
        penalty * penalty_scale(moments.scatter.trace().item<double>() / moments.weight, moments.columns());
    const at::Tensor along =
        solve_shifted(moments.scatter.to(type) / moments.weight, shift, moments.class_sums.t() / moments.weight);
    const at::Tensor lifted = moments.basis.defined() ? moments.basis.to(type).matmul(along) : along;
    const at::Tensor weight = lifted.t().to(at::kDouble).contiguous();
    return {weight, moments.class_weights / moments.weight - weight.mv(moments.mean)};
}

RidgeLeaveOut::RidgeLeaveOut(const RotatedRows& rotated, int64_t group_size)
    : rotated_(rotated), group_size_(group_size) {
    const WeightedRows& rows = rotated_.rows;
    const PrincipalAxes& axes = rotated_.axes;
    TORCH_CHECK(group_size > 0 && rows.x.size(0) % group_size == 0, "groups of ", group_size,
                " do not divide the rows");
    scale_ = penalty_scale(axes.variances.sum().item<double>(), rows.x.size(1));
    const auto type = rotated_.precision();
    weights_ = (rows.w / rows.w.sum()).to(type);
    targets_ = rows.one_hot().to(type);
    mean_target_ = weights_.matmul(targets_);
    moments_ = rotated_.coordinates().t().matmul((targets_ - mean_target_) * weights_.unsqueeze(1));
}

at::Tensor RidgeLeaveOut::scores(double penalty) const {
    TORCH_CHECK(penalty > 0, "the penalty must be positive");
    const at::Tensor& coordinates = rotated_.coordinates();
    const int64_t groups = coordinates.size(0) / group_size_, classes = targets_.size(1);
    const at::Tensor grouped_weights = weights_.view({groups, group_size_});
    TORCH_CHECK((grouped_weights.sum(1) > 0).sum().item<int64_t>() > 1, "nothing is left without the only image");
    const at::Tensor denominators = rotated_.axes.variances + penalty * scale_;
    const at::Tensor fitted = coordinates.matmul(moments_ / denominators.unsqueeze(1));
    const at::Tensor residual = targets_ - fitted - mean_target_;
    const at::Tensor rows = coordinates.view({groups, group_size_, coordinates.size(1)});
    // influence_ij is what the target of row j, at weight one, adds to the fit of row i of the same image. The + 1 is
    // that of the intercept, whose column is orthogonal to the centred ones.
    const at::Tensor influence = (rows / denominators).matmul(rows.transpose(1, 2)) + 1;
    const at::Tensor without = at::eye(group_size_, weights_.options()) - influence * grouped_weights.unsqueeze(1);
    // One inverse serves all columns: thousands of small solutions take longer than all the products.
    const at::Tensor inverse = std::get<0>(at::linalg_inv_ex(without));
    constexpr double kResolved = 1e3;  // leaves four of the seven digits of float32
    if (rotated_.precision() == at::kFloat && !(inverse.abs().max().item<double>() < kResolved)) {
        return in_double().scores(penalty).to(at::kFloat);
    }
    const at::Tensor left_out = inverse.matmul(residual.view({groups, group_size_, classes})).reshape({-1, classes});
    // If the fit follows a single image whatever its label is, it has no answer without that image.
    return at::where(left_out.isfinite(), targets_ - left_out, mean_target_);
}

const RidgeLeaveOut& RidgeLeaveOut::in_double() const {
    if (!in_double_) in_double_ = std::make_shared<RidgeLeaveOut>(RotatedRows(rotated_.rows, at::kDouble), group_size_);
    return *in_double_;
}

}  // namespace kaziranga::training
