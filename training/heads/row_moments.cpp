#include "training/heads/row_moments.hpp"

#include <algorithm>
#include <limits>

#include <ATen/ops/cholesky_solve.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/linalg_cholesky_ex.h>
#include <ATen/ops/linalg_eigh.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>

namespace kaziranga::training {
namespace {

/// Number of columns of a product at a time: enough for full speed, few enough to skip most of one symmetric half.
constexpr int64_t kProductColumns = 256;

/// Returns x^T x. Computes each pair of columns once, except pairs within one block.
at::Tensor gram(const at::Tensor& x) {
    const int64_t columns = x.size(1);
    at::Tensor product = at::empty({columns, columns}, x.options());
    for (int64_t begin = 0; begin < columns; begin += kProductColumns) {
        const int64_t end = std::min(columns, begin + kProductColumns);
        const at::Tensor lower = x.slice(1, begin).t().mm(x.slice(1, begin, end));
        product.slice(0, begin).slice(1, begin, end).copy_(lower);
        product.slice(0, begin, end).slice(1, end).copy_(lower.slice(0, end - begin).t());
    }
    return product;
}

/// Returns an orthonormal basis of the span of the rows, and the sums of squares along it, from the kernel of the rows.
/// @param scaled  [N, D] double
std::pair<at::Tensor, at::Tensor> kernel_axes(const at::Tensor& scaled) {
    const int64_t rows = scaled.size(0);
    const auto [values, vectors] = at::linalg_eigh(scaled.matmul(scaled.t()));
    // A value below this is zero with rounding error, and its direction is noise.
    const double floor =
        values.max().item<double>() * std::numeric_limits<double>::epsilon() * static_cast<double>(scaled.size(1));
    const int64_t rank = (values > floor).sum().item<int64_t>();
    const at::Tensor kept = values.narrow(0, rows - rank, rank);
    return {scaled.t().matmul(vectors.narrow(1, rows - rank, rank)) / kept.sqrt(), kept};
}

/// @param along  computes scatter and basis from the centred rows times the roots of their weights, [N, D] double
template <class Along>
RowMoments moments_along(const WeightedRows& rows, const Along& along) {
    RowMoments moments;
    at::Tensor x = rows.x.to(at::kDouble, /*non_blocking=*/false, /*copy=*/true);
    moments.weight = rows.w.sum().item<double>();
    moments.mean = rows.w.matmul(x) / moments.weight;
    moments.class_weights = at::zeros({rows.classes}, at::kDouble).index_add_(0, rows.y, rows.w);
    const at::Tensor roots = rows.w.sqrt().unsqueeze(1);
    x.sub_(moments.mean).mul_(roots);
    along(moments, x);
    moments.class_sums = at::zeros({rows.classes, x.size(1)}, at::kDouble).index_add_(0, rows.y, x.mul_(roots));
    if (moments.basis.defined()) moments.class_sums = moments.class_sums.matmul(moments.basis);
    return moments;
}

}  // namespace

RowMoments RowMoments::of_features(const WeightedRows& rows) {
    return moments_along(rows, [](RowMoments& moments, const at::Tensor& scaled) { moments.scatter = gram(scaled); });
}

RowMoments RowMoments::of(const WeightedRows& rows) {
    if (along_features(rows.x.size(0), rows.x.size(1))) return of_features(rows);
    return moments_along(rows, [](RowMoments& moments, const at::Tensor& scaled) {
        const auto [axes, values] = kernel_axes(scaled);
        moments.basis = axes;
        moments.scatter = values.diag();
    });
}

RowMoments RowMoments::joined(const std::vector<const RowMoments*>& parts) {
    TORCH_CHECK(!parts.empty(), "moments expected");
    RowMoments all;
    all.mean = at::zeros_like(parts.front()->mean);
    for (const RowMoments* part : parts) {
        TORCH_CHECK(!part->basis.defined(), "moments along the features expected");
        all.weight += part->weight;
        all.mean.add_(part->mean, part->weight);
    }
    all.mean.div_(all.weight);
    all.scatter = at::zeros_like(parts.front()->scatter);
    all.class_weights = at::zeros_like(parts.front()->class_weights);
    all.class_sums = at::zeros_like(parts.front()->class_sums);
    for (const RowMoments* part : parts) {
        const at::Tensor step = part->mean - all.mean;
        all.scatter.add_(part->scatter).addr_(step, step, 1, part->weight);
        all.class_weights.add_(part->class_weights);
        all.class_sums.add_(part->class_sums).addr_(part->class_weights, step);
    }
    return all;
}

RowMoments RowMoments::standardised(const Standardisation& by) const {
    TORCH_CHECK(!basis.defined(), "moments along the features expected");
    const at::Tensor scale = by.scale.to(at::kDouble);
    RowMoments moments = *this;
    moments.mean = (mean - by.mean) * scale;
    moments.scatter = (scatter * scale).mul_(scale.unsqueeze(1));
    moments.class_sums = class_sums * scale;
    return moments;
}

at::Tensor RowMoments::class_means() const {
    TORCH_CHECK(class_weights.min().item<double>() > 0, "a class has no row of positive weight");
    const at::Tensor centred = class_sums / class_weights.unsqueeze(1);
    return mean + (basis.defined() ? centred.matmul(basis.t()) : centred);
}

at::Tensor solve_shifted(at::Tensor matrix, double shift, const at::Tensor& right) {
    const auto type = matrix.scalar_type();
    matrix.diagonal().add_(shift);
    const auto [factor, failed] = at::linalg_cholesky_ex(matrix);
    if (failed.item<int>() == 0) return at::cholesky_solve(right.to(type), factor);
    const auto [values, vectors] = at::linalg_eigh(matrix.to(at::kDouble));
    const at::Tensor along = vectors.t().matmul(right.to(at::kDouble)) / values.clamp_min(shift).unsqueeze(1);
    return vectors.matmul(along).to(type);
}

}  // namespace kaziranga::training
