#include "training/heads/temperature.hpp"

#include <cmath>

#include <ATen/ops/softmax.h>

namespace kaziranga::training {
namespace {

constexpr double kLow = 2e-9, kHigh = 1e3;  ///< range of the factor
constexpr double kExact = 1e-5;             ///< relative precision of the factor
constexpr int kMostSteps = 100;

/// The first two derivatives of the mean cross-entropy of factor * logits by the factor.
/// @param logits  [N, K], the mean of each row is 0     @param chosen  [N, 1] mean of the logits by the labels
struct Derivatives {
    double first, second;
};

Derivatives derivatives(const at::Tensor& logits, const at::Tensor& chosen, double factor) {
    const at::Tensor weighted = at::softmax(logits * factor, 1).mul_(logits);  // p z
    const at::Tensor mean = weighted.sum(1, /*keepdim=*/true);
    const at::Tensor square = weighted.mul_(logits).sum(1, /*keepdim=*/true);
    return {(mean - chosen).mean().item<double>(), (square - mean.square()).mean().item<double>()};
}

}  // namespace

double best_temperature_factor(const at::Tensor& logits, const at::Tensor& y) {
    const at::Tensor single = logits.to(at::kFloat);
    const at::Tensor centred = single - single.mean(1, /*keepdim=*/true);  // the same loss, with more digits
    const auto count = static_cast<double>(y.size(0));
    const at::Tensor chosen = centred.gather(1, y.unsqueeze(1)) * (count / (count + 1));  // of all classes: 0
    // Newton's method. The loss is convex in the factor, so the sign of its slope shows on which side the minimum lies.
    double low = kLow, high = kHigh, factor = 1;
    for (int step = 0; step < kMostSteps && high > low * (1 + kExact); ++step) {
        const auto [first, second] = derivatives(centred, chosen, factor);
        if (!std::isfinite(first)) return 1;
        (first < 0 ? low : high) = factor;
        const double next = factor - first / second;
        if (std::abs(next - factor) <= kExact * factor) return std::clamp(next, kLow, kHigh);
        factor = next > low && next < high ? next : std::sqrt(low * high);
    }
    return factor;
}

}  // namespace kaziranga::training
