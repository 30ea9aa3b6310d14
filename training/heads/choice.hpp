#pragma once

#include "training/heads/temperature.hpp"

#include <compare>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

namespace kaziranga::training {

/// The results of a head on the held-out images, one value per image.
struct Answers {
    at::Tensor right;                 ///< [n] double, 1 if the class is correct, else 0
    at::Tensor losses;                ///< [n] double, minus the logarithm of the probability of the true class
    TemperatureFactors factors = {};  ///< of the logits; losses are those of the best one
};

/// Orders heads by simplicity. A head that is linear in the network's last features alone, without source classes or
/// earlier stages, is simpler, because other libraries can load it. Then the head with fewer members is simpler.
struct Complexity {
    bool beyond_features = false;
    int64_t members = 1;

    auto operator<=>(const Complexity&) const = default;
};

struct Contender {
    Answers answers;
    Complexity complexity = {};
};

struct Choice {
    size_t chosen = 0;
    std::vector<std::string> why;  ///< for each contender the reason: "best top-1; lowest loss"
};

/// A mean over images and its standard error.
struct Estimate {
    double mean = 0;
    double error = 0;
};

/// @param values   [n] double     @param weights  [n] double, with sum one
Estimate estimate(const at::Tensor& values, const at::Tensor& weights);

/// The one rule for every choice by held-out results. With so few images, top-1 separates similar heads by chance; the
/// loss depends less on chance. The rule keeps the contenders whose top-1 is not noticeably below the best, and finds
/// the lowest loss among them. Of those whose loss is not noticeably above it, the rule takes the simplest, and of
/// several equally simple ones that with the lowest loss. A difference is noticeable if it exceeds its standard error,
/// computed image by image. The standard error of top-1 itself (Breiman et al. 1984, "Classification and regression
/// trees", section 3.4.3) is several times as large, because heads fail on the same images. A rule with that error
/// gives up more top-1 than is in doubt.
/// @param contenders  at least one     @param weights  [n] double, of the images, with sum one
Choice choose(const std::vector<Contender>& contenders, const at::Tensor& weights);

}  // namespace kaziranga::training
