#include "training/heads/ridge.hpp"

#include <ATen/ops/eye.h>
#include <ATen/ops/linalg_solve.h>

namespace kaziranga::training {

// Everything is divided by the sum of the weights: weighted means instead of sums.
Ridge::Ridge(const RotatedRows& rotated, int64_t group_size) : rotated_(rotated), group_size_(group_size) {
    const WeightedRows& rows = rotated_.rows;
    const PrincipalAxes& axes = rotated_.axes;
    TORCH_CHECK(group_size > 0 && rows.x.size(0) % group_size == 0, "groups of ", group_size,
                " do not divide the rows");
    const double mean_variance = axes.variances.sum().item<double>() / static_cast<double>(rows.x.size(1));
    scale_ = mean_variance > 0 ? mean_variance : 1;
    const auto type = rotated_.precision();
    weights_ = (rows.w / rows.w.sum()).to(type);
    targets_ = rows.one_hot().to(type);
    mean_target_ = weights_.matmul(targets_);
    const at::Tensor centred = (targets_ - mean_target_) * weights_.unsqueeze(1);
    moments_ = axes.directions.t().matmul((rows.x.to(type) - axes.mean).t().matmul(centred));
}

at::Tensor Ridge::denominators(double penalty) const {
    TORCH_CHECK(penalty > 0, "the penalty must be positive");
    return rotated_.axes.variances + penalty * scale_;
}

at::Tensor Ridge::coefficients(double penalty) const {
    return moments_ / denominators(penalty).unsqueeze(1);
}

LinearMap Ridge::solve(double penalty) const {
    const at::Tensor weight = rotated_.axes.directions.matmul(coefficients(penalty)).t().contiguous();
    return {weight.to(at::kDouble), (mean_target_ - weight.matmul(rotated_.axes.mean)).to(at::kDouble)};
}

at::Tensor Ridge::leave_out(double penalty) const {
    const at::Tensor& coordinates = rotated_.coordinates();
    const int64_t groups = coordinates.size(0) / group_size_, classes = targets_.size(1);
    const at::Tensor grouped_weights = weights_.view({groups, group_size_});
    TORCH_CHECK((grouped_weights.sum(1) > 0).sum().item<int64_t>() > 1, "nothing is left without the only image");
    const at::Tensor residual = targets_ - coordinates.matmul(coefficients(penalty)) - mean_target_;
    const at::Tensor rows = coordinates.view({groups, group_size_, coordinates.size(1)});
    // influence_ij: what the target of row j, at weight one, adds to the fit of row i of the same image; the one is the
    // intercept's, whose column is orthogonal to the centred ones.
    const at::Tensor influence = (rows / denominators(penalty)).matmul(rows.transpose(1, 2)) + 1;
    const at::Tensor without = at::eye(group_size_, weights_.options()) - influence * grouped_weights.unsqueeze(1);
    const at::Tensor left_out = at::linalg_solve(without, residual.view({groups, group_size_, classes}));
    return targets_ - left_out.reshape({-1, classes});
}

}  // namespace kaziranga::training
