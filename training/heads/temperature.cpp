#include "training/heads/temperature.hpp"

#include <cmath>

#include <ATen/ops/softmax.h>

namespace kaziranga::training {
namespace {

constexpr double kLow = 2e-9, kHigh = 1e3;  ///< range of the factor
constexpr double kExact = 1e-5;             ///< relative precision of the factor
constexpr int kMostSteps = 100;

/// The first two derivatives of the mean cross-entropy of factor * logits by the factor.
/// @param logits  [N, K], the mean of each row is 0     @param chosen  [N, 1], the mean of a row by its label
struct Derivatives {
    double first, second;
};

Derivatives derivatives(const at::Tensor& logits, const at::Tensor& chosen, double factor) {
    const at::Tensor weighted = at::softmax(logits * factor, 1).mul_(logits);  // p z
    const at::Tensor mean = weighted.sum(1, /*keepdim=*/true);
    const at::Tensor square = weighted.mul_(logits).sum(1, /*keepdim=*/true);
    return {(mean - chosen).mean().item<double>(), (square - mean.square()).mean().item<double>()};
}

/// The factor where the first derivative is 0; 1 if it is not finite. Newton's method: the loss is convex in the
/// factor, so the sign of its slope shows on which side the minimum lies.
double minimum(const at::Tensor& logits, const at::Tensor& chosen, double start) {
    double low = kLow, high = kHigh, factor = start;
    for (int step = 0; step < kMostSteps && high > low * (1 + kExact); ++step) {
        const auto [first, second] = derivatives(logits, chosen, factor);
        if (!std::isfinite(first)) return 1;
        (first < 0 ? low : high) = factor;
        const double next = factor - first / second;
        if (std::abs(next - factor) <= kExact * factor) return std::clamp(next, kLow, kHigh);
        factor = next > low && next < high ? next : std::sqrt(low * high);
    }
    return factor;
}

}  // namespace

TemperatureFactors temperature_factors(const at::Tensor& logits, const at::Tensor& y) {
    const at::Tensor single = logits.to(at::kFloat);
    const at::Tensor centred = single - single.mean(1, /*keepdim=*/true);  // the same loss, with more digits
    const at::Tensor chosen = centred.gather(1, y.unsqueeze(1));
    const double spread = 1 / static_cast<double>(y.size(0) + 1);
    const double best = minimum(centred, chosen, 1);
    // The mean of centred logits over the classes is 0.
    return {.best = best, .cautious = minimum(centred, chosen * (1 - spread), best)};
}

}  // namespace kaziranga::training
