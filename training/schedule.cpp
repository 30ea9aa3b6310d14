#include "training/schedule.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace kaziranga::training {
namespace {

/// Half a cosine from `from` to `to` as `done` goes from 0 to 1.
double half_cosine(double from, double to, double done) {
    return to + (from - to) * 0.5 * (1 + std::cos(std::numbers::pi * done));
}

double one_cycle(double done, double peak) {
    constexpr double kRise = 0.3, kStart = 25, kEnd = 1e4;
    const double start = peak / kStart, end = start / kEnd;
    if (done < kRise) return half_cosine(start, peak, done / kRise);
    return half_cosine(peak, end, (done - kRise) / (1 - kRise));
}

}  // namespace

double learning_rate(double epoch, double epochs, double peak, const SchedulerOptions& options) {
    const double warmup = options.warmup_epochs;
    if (epoch < warmup) return peak * epoch / warmup;
    const double done = epochs > warmup ? std::min(1.0, (epoch - warmup) / (epochs - warmup)) : 1.0;
    if (options.name == "cosine") return half_cosine(peak, options.min_lr, done);
    if (options.name == "linear") return peak + (options.min_lr - peak) * done;
    if (options.name == "one_cycle") return one_cycle(done, peak);
    if (options.name == "step")
        return peak * std::pow(options.gamma, std::floor((epoch - warmup) / options.step_epochs));
    return peak;  // constant, and plateau until it is lowered
}

}  // namespace kaziranga::training
