#include "training/heads/lbfgs_memory.hpp"

#include <vector>

#include <ATen/ops/addcmul.h>
#include <ATen/ops/dot.h>

namespace kaziranga::training {
namespace {

constexpr size_t kMemory = 10;

}  // namespace

double inner_product(const at::Tensor& a, const at::Tensor& b) {
    return at::dot(a.flatten(), b.flatten()).item<double>();
}

void LbfgsMemory::add(const at::Tensor& step, const at::Tensor& change) {
    const double curvature = inner_product(step, change);
    if (!(curvature > 0)) return;  // only by rounding: the objective is convex
    pairs_.push_back({step, change, curvature});
    if (pairs_.size() > kMemory) pairs_.pop_front();
}

void LbfgsMemory::add_to_hessian(const at::Tensor& diagonal) {
    std::deque<Pair> known;
    known.swap(pairs_);
    for (const Pair& pair : known) add(pair.step, at::addcmul(pair.change, pair.step, diagonal));
}

at::Tensor LbfgsMemory::inverse_times(const at::Tensor& gradient, const at::Tensor& guess) const {
    return inverse_times(gradient, [&](const at::Tensor& projected) {
        at::Tensor result = projected * guess;
        if (!pairs_.empty()) {  // scaled to the last step
            const Pair& last = pairs_.back();
            result.mul_(last.curvature / inner_product(last.change, last.change * guess));
        }
        return result;
    });
}

at::Tensor LbfgsMemory::inverse_times(const at::Tensor& gradient,
                                      const std::function<at::Tensor(const at::Tensor&)>& guess) const {
    at::Tensor result = gradient.clone();
    std::vector<double> projections(pairs_.size());
    for (size_t i = pairs_.size(); i-- > 0;) {
        projections[i] = inner_product(pairs_[i].step, result) / pairs_[i].curvature;
        result.sub_(pairs_[i].change, projections[i]);
    }
    result = guess(result);
    for (size_t i = 0; i < pairs_.size(); ++i) {
        const double projection = inner_product(pairs_[i].change, result) / pairs_[i].curvature;
        result.add_(pairs_[i].step, projections[i] - projection);
    }
    return result;
}

}  // namespace kaziranga::training
