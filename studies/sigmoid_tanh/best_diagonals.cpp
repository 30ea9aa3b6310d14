#include "studies/sigmoid_tanh/best_diagonals.hpp"

#include <algorithm>
#include <cmath>

#include <ATen/ops/where.h>
#include <ATen/ops/zeros_like.h>

namespace kaziranga::studies {

using at::Tensor;

void BestDiagonals::add(const Tensor& gradient, const Tensor& wanted) {
    // If the signs differ, the best factor >= 0 is zero; otherwise the step is reached exactly.
    const Tensor against = gradient * wanted < 0, missed = at::where(gradient * wanted > 0, 0.0, wanted);
    const auto count = against.sum().item<int64_t>();
    const double size = wanted.norm().item<double>(), misses = size == 0 ? 0 : missed.norm().item<double>() / size;
    if (steps_ == 0) {
        first_against_ = least_against_ = count;
        positive_least_ = positive_most_ = misses;
        gradient_square_ = at::zeros_like(gradient);
        product_ = at::zeros_like(gradient);
        wanted_square_ = at::zeros_like(gradient);
    }
    least_against_ = std::min(least_against_, count);
    positive_least_ = std::min(positive_least_, misses);
    positive_most_ = std::max(positive_most_, misses);
    gradient_square_ += gradient.square();
    product_ += gradient * wanted;
    wanted_square_ += wanted.square();
    ++steps_;
}

Tensor BestDiagonals::fixed_rates() const {
    return at::where(gradient_square_ > 0, product_ / gradient_square_, 0.0);
}

double BestDiagonals::fixed_misses() const {
    const double all = wanted_square_.sum().item<double>();
    const Tensor left = (wanted_square_ - fixed_rates() * product_).clamp_min(0);
    return all == 0 ? 0 : std::sqrt(left.sum().item<double>() / all);
}

}  // namespace kaziranga::studies
