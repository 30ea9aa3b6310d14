#include "training/heads/principal_axes.hpp"

#include <limits>

#include <ATen/ops/linalg_eigh.h>

namespace kaziranga::training {

PrincipalAxes principal_axes(const at::Tensor& x, const at::Tensor& w) {
    const int64_t rows = x.size(0), columns = x.size(1);
    const at::Tensor share = w / w.sum();
    const auto type = x.scalar_type();
    if (rows > columns) {
        const at::Tensor mean = share.to(type).matmul(x);
        const at::Tensor scaled = (x - mean) * share.sqrt().to(type).unsqueeze(1);
        const auto [values, vectors] = at::linalg_eigh(scaled.t().matmul(scaled));
        return {mean, vectors, values.clamp_min(0)};
    }
    const at::Tensor exact = x.to(at::kDouble);
    const at::Tensor mean = share.matmul(exact);
    const at::Tensor scaled = (exact - mean) * share.sqrt().unsqueeze(1);
    const auto [values, vectors] = at::linalg_eigh(scaled.matmul(scaled.t()));
    // Below this a value is the rounding of zero, and its direction noise.
    const double floor = values.max().item<double>() * std::numeric_limits<double>::epsilon() * columns;
    const int64_t rank = (values > floor).sum().item<int64_t>();
    const at::Tensor kept = values.narrow(0, rows - rank, rank);
    const at::Tensor directions = scaled.t().matmul(vectors.narrow(1, rows - rank, rank)) / kept.sqrt();
    return {mean.to(type), directions.to(type), kept.to(type)};
}

}  // namespace kaziranga::training
