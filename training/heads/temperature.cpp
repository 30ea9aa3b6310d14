#include "training/heads/temperature.hpp"

#include <cmath>

namespace kaziranga::training {

double best_temperature_factor(const at::Tensor& logits, const at::Tensor& y) {
    // The loss is convex in the factor; golden-section search over its logarithm.
    constexpr double kLow = -20, kHigh = 7, kGolden = 0.6180339887498949;
    constexpr int kSteps = 27;
    const at::Tensor single = logits.to(at::kFloat);
    const auto loss = [&](double log_factor) {
        const at::Tensor scaled = single * std::exp(log_factor);
        return -scaled.log_softmax(1).gather(1, y.unsqueeze(1)).mean().item<double>();
    };
    double low = kLow, high = kHigh;
    double left = high - kGolden * (high - low), right = low + kGolden * (high - low);
    double at_left = loss(left), at_right = loss(right);
    for (int i = 0; i < kSteps; ++i) {
        if (at_left <= at_right) {
            high = right;
            right = left;
            at_right = at_left;
            left = high - kGolden * (high - low);
            at_left = loss(left);
        } else {
            low = left;
            left = right;
            at_left = at_right;
            right = low + kGolden * (high - low);
            at_right = loss(right);
        }
    }
    return std::isfinite(at_left) ? std::exp((low + high) / 2) : 1;
}

}  // namespace kaziranga::training
