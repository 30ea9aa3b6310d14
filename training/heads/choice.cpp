#include "training/heads/choice.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include <c10/util/Exception.h>

namespace kaziranga::training {
namespace {

constexpr double kRounding = 1e-9;  ///< rounding error of sums of weights

/// True if a difference exceeds its standard error.
/// @param difference  [n] double
bool noticeable(const at::Tensor& difference, const at::Tensor& weights) {
    const auto [mean, error] = estimate(difference, weights);
    return !(mean <= error + kRounding);
}

}  // namespace

Estimate estimate(const at::Tensor& values, const at::Tensor& weights) {
    const double mean = values.dot(weights).item<double>();
    return {mean, std::sqrt((values - mean).square().dot(weights.square()).item<double>())};
}

Choice choose(const std::vector<Contender>& contenders, const at::Tensor& weights) {
    TORCH_CHECK(!contenders.empty(), "nothing to choose from");
    const size_t count = contenders.size();
    std::vector<double> top1(count), loss(count);
    for (size_t i = 0; i < count; ++i) {
        top1[i] = estimate(contenders[i].answers.right, weights).mean;
        loss[i] = estimate(contenders[i].answers.losses, weights).mean;
    }
    size_t best = 0;
    for (size_t i = 1; i < count; ++i) {
        const double ahead = top1[i] - top1[best];
        if (ahead > kRounding || (ahead > -kRounding && loss[i] < loss[best])) best = i;
    }
    const auto near_best = [&](size_t i) {
        return i == best || !noticeable(contenders[best].answers.right - contenders[i].answers.right, weights);
    };
    size_t lowest = best;
    for (size_t i = 0; i < count; ++i) {
        if (near_best(i) && loss[i] < loss[lowest]) lowest = i;
    }
    const auto near_lowest = [&](size_t i) {
        return i == lowest || !noticeable(contenders[i].answers.losses - contenders[lowest].answers.losses, weights);
    };
    Choice choice{lowest, {}};
    std::vector<std::string> loss_of(count, "higher loss");
    for (size_t i = 0; i < count; ++i) {
        if (!near_best(i) || !near_lowest(i)) continue;
        loss_of[i] = i == lowest ? "lowest loss" : "loss not noticeably above the lowest";
        const size_t chosen = choice.chosen;
        if (std::tie(contenders[i].complexity, loss[i]) < std::tie(contenders[chosen].complexity, loss[chosen])) {
            choice.chosen = i;
        }
    }
    if (choice.chosen != lowest) loss_of[choice.chosen] += "; the simplest of these";
    for (size_t i = 0; i < count; ++i) {
        choice.why.push_back(i == best      ? "best top-1; " + loss_of[i]
                             : near_best(i) ? "top-1 not noticeably below the best; " + loss_of[i]
                                            : "top-1 below the best");
    }
    return choice;
}

}  // namespace kaziranga::training
