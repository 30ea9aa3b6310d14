#include "training/schedule.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace kaziranga::training {

double learning_rate(double epoch, double epochs, double peak, const SchedulerOptions& options) {
    const double warmup = options.warmup_epochs;
    if (epoch < warmup) return peak * epoch / warmup;
    if (options.name == "constant") return peak;
    const double done = epochs > warmup ? std::min(1.0, (epoch - warmup) / (epochs - warmup)) : 1.0;
    const double left = options.name == "cosine" ? 0.5 * (1 + std::cos(std::numbers::pi * done)) : 1 - done;
    return options.min_lr + (peak - options.min_lr) * left;
}

}  // namespace kaziranga::training
