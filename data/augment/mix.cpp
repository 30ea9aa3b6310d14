#include "data/augment/mix.hpp"

#include <algorithm>
#include <cmath>

#include <ATen/ops/cat.h>

namespace kaziranga::data {
namespace {

/// Returns row i - 1 for each row i, in the same memory format (CUDA's roll would lose channels-last).
at::Tensor partners_of(const at::Tensor& rows) {
    const int64_t last = rows.size(0) - 1;
    return at::cat({rows.narrow(0, last, 1), rows.narrow(0, 0, last)});
}

at::Tensor blended(const at::Tensor& rows, double share) {
    return partners_of(rows).mul_(1 - share).add_(rows, share);
}

/// Draws the logarithm of a value from Gamma(alpha, 1): Marsaglia and Tsang 2000, "A Simple Method for Generating Gamma
/// Variables", for alpha + 1, converted to alpha by their section 6. It is the logarithm because for small alpha the
/// value itself is often too small for a double.
double draw_log_gamma(double alpha, core::RandomStream& stream) {
    const double d = alpha + 1 - 1.0 / 3.0;
    const double c = 1 / std::sqrt(9 * d);
    while (true) {
        const double x = stream.normal();
        const double root = 1 + c * x;
        if (root <= 0) continue;
        const double v = root * root * root;
        if (std::log(1 - stream.uniform()) >= 0.5 * x * x + d - d * v + d * std::log(v)) continue;
        return std::log(d * v) + std::log(1 - stream.uniform()) / alpha;
    }
}

}  // namespace

MixedBatch mixup(const at::Tensor& images, const at::Tensor& targets, double share) {
    return {blended(images, share), blended(targets, share)};
}

MixedBatch cutmix(const at::Tensor& images, const at::Tensor& targets, const Box& box) {
    const auto within = [&box](const at::Tensor& whole) {
        return whole.narrow(2, box.top, box.height).narrow(3, box.left, box.width);
    };
    at::Tensor mixed = images.clone();
    within(mixed).copy_(partners_of(within(images)));
    const double replaced =
        static_cast<double>(box.height * box.width) / static_cast<double>(images.size(2) * images.size(3));
    return {mixed, blended(targets, 1 - replaced)};
}

double draw_share(double alpha, core::RandomStream& stream) {
    const double first = draw_log_gamma(alpha, stream);
    const double second = draw_log_gamma(alpha, stream);
    return 1 / (1 + std::exp(second - first));
}

Box draw_mixed_box(int64_t height, int64_t width, double share, core::RandomStream& stream) {
    const auto x = static_cast<int64_t>(stream.below(static_cast<uint64_t>(width)));
    const auto y = static_cast<int64_t>(stream.below(static_cast<uint64_t>(height)));
    const double half = 0.5 * std::sqrt(1 - share);
    const auto half_width = static_cast<int64_t>(half * static_cast<double>(width));
    const auto half_height = static_cast<int64_t>(half * static_cast<double>(height));
    const int64_t left = std::max<int64_t>(x - half_width, 0), right = std::min(x + half_width, width);
    const int64_t top = std::max<int64_t>(y - half_height, 0), bottom = std::min(y + half_height, height);
    return {top, left, bottom - top, right - left};
}

MixedBatch mix(at::Tensor images, const at::Tensor& targets, const AugmentOptions& options, core::RandomStream stream) {
    const bool both = options.mixup > 0 && options.cutmix > 0;
    const bool cut = both ? stream.uniform() < 0.5 : options.cutmix > 0;
    if (cut) {
        const double share = draw_share(options.cutmix, stream);
        return cutmix(images, targets, draw_mixed_box(images.size(2), images.size(3), share, stream));
    }
    if (options.mixup > 0) return mixup(images, targets, draw_share(options.mixup, stream));
    return {std::move(images), targets};
}

}  // namespace kaziranga::data
