#include "training/heads/standardisation.hpp"

#include <ATen/Parallel.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/where.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>
#include <c10/core/GradMode.h>

namespace kaziranga::training {
namespace {

/// Number of columns per thread.
constexpr int64_t kColumnGrain = 64;

/// The mean over the rows of term(x, column), for each column, [D] double. LibTorch's mean would convert all rows to
/// double first.
/// @param rows  [N, D] float32
template <class Term>
at::Tensor column_means(const at::Tensor& rows, const Term& term) {
    const at::Tensor given = rows.contiguous();
    const float* x = given.const_data_ptr<float>();
    const int64_t count = given.size(0), columns = given.size(1);
    at::Tensor sums = at::zeros({columns}, at::kDouble);
    double* sum = sums.mutable_data_ptr<double>();
    at::parallel_for(0, columns, kColumnGrain, [&](int64_t begin, int64_t end) {
        for (int64_t i = 0; i < count; ++i) {
            const float* row = x + i * columns;
            for (int64_t d = begin; d < end; ++d) sum[d] += term(static_cast<double>(row[d]), d);
        }
    });
    return sums.div_(static_cast<double>(count));
}

}  // namespace

Standardisation Standardisation::of(const at::Tensor& rows, bool wanted) {
    if (!wanted) return {at::zeros({rows.size(1)}), at::ones({rows.size(1)})};
    const at::Tensor mean = column_means(rows, [](double x, int64_t) { return x; });
    const double* centre = mean.const_data_ptr<double>();
    const at::Tensor variance =
        column_means(rows, [centre](double x, int64_t d) { return (x - centre[d]) * (x - centre[d]); });
    const at::Tensor deviation = variance.sqrt();
    const at::Tensor scale = at::where(deviation > 0, deviation.reciprocal(), at::zeros_like(deviation));
    return {mean.to(at::kFloat), scale.to(at::kFloat)};
}

LinearMap Standardisation::fold(const LinearMap& map) const {
    const at::Tensor weight = map.weight * scale;
    return {weight, map.bias - weight.mv(mean.to(at::kDouble))};
}

LinearMap Standardisation::unfold(const LinearMap& map) const {
    return {at::where(scale > 0, map.weight / scale, at::zeros_like(map.weight)),
            map.bias + map.weight.mv(mean.to(at::kDouble))};
}

std::shared_ptr<models::Head> linear_head(const LinearMap& map) {
    auto head = std::make_shared<models::LinearHead>(
        models::HeadSpec{.features = map.weight.size(1), .classes = map.weight.size(0)});
    const c10::NoGradGuard no_grad;
    head->weight.copy_(map.weight);
    head->bias.copy_(map.bias);
    return head;
}

}  // namespace kaziranga::training
