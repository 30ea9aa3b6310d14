#include "training/loop/schedule.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace kaziranga::training {
namespace {

/// Half a cosine from `from` to `to` as `done` goes from 0 to 1.
double half_cosine(double from, double to, double done) {
    return to + (from - to) * 0.5 * (1 + std::cos(std::numbers::pi * done));
}

/// OneCycleLR: from `start` to `peak` and then to `end`. A phase ends at a step, not between two steps. A phase that
/// would end before the first step is skipped.
double one_cycle(const Moment& moment, double start, double peak, double end) {
    constexpr double kRise = 0.3;
    const auto step = static_cast<double>(moment.step), steps = static_cast<double>(moment.steps);
    const double top = kRise * steps - 1, last = steps - 1;
    if (step <= top) return half_cosine(start, peak, step / top);
    return half_cosine(peak, end, (step - top) / (last - top));
}

constexpr double kWarmupStart = 0.01;  // relative to the peak

}  // namespace

double learning_rate(const Moment& moment, double peak, const SchedulerOptions& options) {
    if (options.name == Schedule::kOneCycle) {
        constexpr double kStart = 25, kEnd = 1e4;
        return one_cycle(moment, peak / kStart, peak, peak / kStart / kEnd);
    }
    const auto an_epoch = static_cast<double>(moment.steps_an_epoch);
    const double epoch = static_cast<double>(moment.step) / an_epoch,
                 epochs = static_cast<double>(moment.steps) / an_epoch, warmup = options.warmup_epochs;
    if (epoch < warmup) return peak * (kWarmupStart + (1 - kWarmupStart) * epoch / warmup);
    const double done = epochs > warmup ? std::min(1.0, (epoch - warmup) / (epochs - warmup)) : 1.0;
    if (options.name == Schedule::kCosine) return half_cosine(peak, options.min_lr, done);
    if (options.name == Schedule::kLinear) return peak + (options.min_lr - peak) * done;
    if (options.name == Schedule::kStep)
        return peak * std::pow(options.gamma, std::floor((epoch - warmup) / options.step_epochs));
    return peak;  // constant, or plateau before the trainer lowers it
}

double momentum(const Moment& moment, const OptimizerOptions& optimizer, const SchedulerOptions& options) {
    constexpr double kHigh = 0.95, kLow = 0.85;
    return options.name == Schedule::kOneCycle ? one_cycle(moment, kHigh, kLow, kHigh) : optimizer.momentum;
}

}  // namespace kaziranga::training
