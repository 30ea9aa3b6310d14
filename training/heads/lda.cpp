#include "training/heads/lda.hpp"

#include <algorithm>

#include <ATen/ops/empty.h>

namespace kaziranga::training {
namespace {

/// Within-class variance below this part of the total variance is rounding error: the classes do not vary.
constexpr double kNoVariance = 1e-12;

/// Number of rows that are converted to double at a time.
constexpr int64_t kBlock = 256;

/// [N] double, squared lengths of the rows minus the means of their classes.
at::Tensor squared_lengths(const WeightedRows& rows, const at::Tensor& means) {
    const int64_t count = rows.x.size(0);
    at::Tensor lengths = at::empty({count}, at::kDouble);
    for (int64_t begin = 0; begin < count; begin += kBlock) {
        const int64_t end = std::min(count, begin + kBlock);
        const at::Tensor of_class = means.index_select(0, rows.y.slice(0, begin, end));
        lengths.slice(0, begin, end).copy_((rows.x.slice(0, begin, end).to(at::kDouble) - of_class).square_().sum(1));
    }
    return lengths;
}

}  // namespace

Lda::Lda(const RowMoments& moments, at::ScalarType type, Variation variation)
    : basis_(moments.basis), means_(moments.class_means()), priors_(moments.class_weights / moments.weight) {
    along_ = (basis_.defined() ? means_.matmul(basis_) : means_).t().to(type);
    const at::Tensor between = moments.class_sums / (moments.class_weights * moments.weight).sqrt().unsqueeze(1);
    // In double, because classes may vary little compared with their means.
    const at::Tensor within = (moments.scatter / moments.weight).addmm_(between.t(), between, 1, -1);
    within_ = within.to(type);
    const double trace = within.trace().item<double>(), of_means = between.square().sum().item<double>();
    varies_ = variation == Variation::kEstimated && trace > kNoVariance * of_means;
    // If no class varies, for example with one image each, the distance between images of a class is unknown. A
    // variance as large as this makes the answers no more certain than cosines.
    spherical_ = varies_ ? trace / static_cast<double>(moments.columns()) : of_means;
    if (!(spherical_ > 0)) spherical_ = 1;  // all rows are the same point
}

LinearMap Lda::solve(double shrinkage) const {
    TORCH_CHECK(shrinkage > 0 && shrinkage <= 1, "the shrinkage must be in (0, 1]");
    at::Tensor weight = means_ / spherical_;
    if (varies_) {
        const double sphere = shrinkage * spherical_;
        const auto type = within_.scalar_type();
        const at::Tensor solved = solve_shifted(within_ * (1 - shrinkage), sphere, along_);
        // Outside the span of the basis the covariance is that of the sphere.
        weight = basis_.defined() ? means_ / sphere + basis_.to(type).matmul(solved - along_ / sphere).t()
                                  : solved.t().to(at::kDouble).contiguous();
    }
    return {weight, priors_.log() - (means_ * weight).sum(1) / 2};
}

double Lda::analytic_shrinkage(const WeightedRows& rows) const {
    if (!varies_) return 1;
    const at::Tensor share = rows.w / rows.w.sum(), lengths = squared_lengths(rows, means_);
    const double squares = within_.square().sum(at::kDouble).item<double>();  // |S|^2 (Frobenius)
    const double trace = spherical_ * static_cast<double>(means_.size(1));
    const double distance = squares - trace * spherical_;  // |S - mu I|^2
    const double fourth = share.dot(lengths.square()).item<double>();
    const double noise = std::max(fourth - squares, 0.0) * share.square().sum().item<double>();
    return noise < distance ? noise / distance : 1;
}

}  // namespace kaziranga::training
