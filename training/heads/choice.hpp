#pragma once

#include <compare>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

namespace kaziranga::training {

/// What held-out images say of a head, one by one.
struct Answers {
    at::Tensor right;   ///< [n] double, 1 where the class was found, else 0
    at::Tensor losses;  ///< [n] double, minus the logarithm of the class's probability
    double factor = 1;  ///< of the logits, that calibrates them
};

/// The simpler of two heads is the one that is linear in the network's last features alone, without source classes or
/// earlier stages, so that other libraries can load it; then the one of fewer members.
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
    std::vector<std::string> why;  ///< of each contender, where it stands: "best top-1; lowest loss"
};

/// A mean over images and its standard error.
struct Estimate {
    double mean = 0;
    double error = 0;
};

/// @param values   [n] double     @param weights  [n] double, of sum one
Estimate estimate(const at::Tensor& values, const at::Tensor& weights);

/// The one rule for whatever held-out answers decide. Top-1 of so few images tells near heads apart by chance, loss
/// does so less: of the contenders that are not noticeably below the best top-1 that of the lowest loss is taken; of
/// those whose loss is not noticeably above it the simplest, and of several of these again that of the lowest loss.
/// Noticeable is a difference of more than its standard error, image by image: of top-1 itself (Breiman et al. 1984,
/// "Classification and regression trees", section 3.4.3) the standard error is several times as large, since heads err
/// on the same images, and a rule of that one gives away more top-1 than is in doubt.
/// @param contenders  one at least     @param weights  [n] double, of the images, of sum one
Choice choose(const std::vector<Contender>& contenders, const at::Tensor& weights);

}  // namespace kaziranga::training
