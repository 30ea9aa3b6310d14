#include "training/heads/choice.hpp"

#include <c10/util/Exception.h>

#include <algorithm>
#include <cmath>
#include <tuple>

namespace kaziranga::training {
namespace {

constexpr double kRounding = 1e-9;  ///< of sums of weights

}  // namespace

Estimate estimate(const at::Tensor& values, const at::Tensor& weights) {
    const double mean = values.dot(weights).item<double>();
    return {mean, std::sqrt((values - mean).square().dot(weights.square()).item<double>())};
}

Choice choose(const std::vector<Contender>& contenders, const at::Tensor& weights) {
    TORCH_CHECK(!contenders.empty(), "nothing to choose from");
    const size_t count = contenders.size();
    std::vector<Estimate> top1(count);
    std::vector<double> loss(count);
    for (size_t i = 0; i < count; ++i) {
        top1[i] = estimate(contenders[i].answers.right, weights);
        loss[i] = estimate(contenders[i].answers.losses, weights).mean;
    }
    size_t best = 0;
    for (size_t i = 1; i < count; ++i) {
        const double ahead = top1[i].mean - top1[best].mean;
        if (ahead > kRounding || (ahead > -kRounding && loss[i] < loss[best])) best = i;
    }
    const auto within = [&](size_t i) { return top1[i].mean >= top1[best].mean - top1[best].error - kRounding; };
    size_t lowest = best;
    for (size_t i = 0; i < count; ++i) {
        if (within(i) && loss[i] < loss[lowest]) lowest = i;
    }
    const auto near = [&](size_t i) {
        if (i == lowest) return true;
        const auto above = contenders[i].answers.losses - contenders[lowest].answers.losses;
        const Estimate difference = estimate(above, weights);
        return difference.mean <= difference.error;
    };
    Choice choice{lowest, {}};
    std::vector<std::string> loss_of(count, "higher loss");
    for (size_t i = 0; i < count; ++i) {
        if (!within(i) || !near(i)) continue;
        loss_of[i] = i == lowest ? "lowest loss" : "loss not noticeably above the lowest";
        const size_t chosen = choice.chosen;
        if (std::tie(contenders[i].complexity, loss[i]) < std::tie(contenders[chosen].complexity, loss[chosen])) {
            choice.chosen = i;
        }
    }
    if (choice.chosen != lowest) loss_of[choice.chosen] += "; the simplest of these";
    for (size_t i = 0; i < count; ++i) {
        choice.why.push_back(i == best   ? "best top-1; " + loss_of[i]
                             : within(i) ? "within one standard error of the best top-1; " + loss_of[i]
                                         : "more than one standard error below the best top-1");
    }
    return choice;
}

}  // namespace kaziranga::training
