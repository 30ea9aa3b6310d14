#include "training/heads/lda.hpp"

#include <algorithm>

namespace kaziranga::training {
namespace {

/// What rounding makes of classes that do not vary, as a part of the total variance.
constexpr double kNoVariance = 1e-12;

}  // namespace

Lda::Lda(const RowMoments& moments, at::ScalarType type)
    : moments_(moments), type_(type), means_(moments.class_means()) {
    along_ = (moments_.basis.defined() ? means_.matmul(moments_.basis) : means_).t();
    const at::Tensor between = moments_.class_sums / (moments_.class_weights * moments_.weight).sqrt().unsqueeze(1);
    within_ = (moments_.scatter / moments_.weight).addmm_(between.t(), between, 1, -1);
    const double trace = within_.trace().item<double>(), of_means = between.square().sum().item<double>();
    varies_ = trace > kNoVariance * of_means;
    spherical_ = (varies_ ? trace : of_means) / static_cast<double>(moments_.columns());
    if (!(spherical_ > 0)) spherical_ = 1;  // all rows are one point
}

LinearMap Lda::solve(double shrinkage) const {
    TORCH_CHECK(shrinkage > 0 && shrinkage <= 1, "the shrinkage must be in (0, 1]");
    at::Tensor weight = means_ / spherical_;
    if (varies_) {
        const double sphere = shrinkage * spherical_;
        const at::Tensor solved = solve_shifted(within_ * (1 - shrinkage), sphere, along_, type_);
        // Outside the span of the basis the covariance is the sphere's.
        weight = moments_.basis.defined()
                     ? means_ / sphere + moments_.lifted((solved - along_ / sphere).to(type_)).t().to(at::kDouble)
                     : solved.t().to(at::kDouble).contiguous();
    }
    return {weight, (moments_.class_weights / moments_.weight).log() - (means_ * weight).sum(1) / 2};
}

double Lda::analytic_shrinkage(const WeightedRows& rows) const {
    if (!varies_) return 1;
    const at::Tensor share = rows.w / moments_.weight;
    const at::Tensor lengths = (rows.x.to(at::kDouble) - means_.index_select(0, rows.y)).square_().sum(1);
    const double squares = within_.square().sum().item<double>();  // |S|^2 (Frobenius)
    const double trace = spherical_ * static_cast<double>(moments_.columns());
    const double distance = squares - trace * spherical_;  // |S - mu I|^2
    const double fourth = share.dot(lengths.square()).item<double>();
    const double noise = std::max(fourth - squares, 0.0) * share.square().sum().item<double>();
    return noise < distance ? noise / distance : 1;
}

}  // namespace kaziranga::training
