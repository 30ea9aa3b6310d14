#pragma once

#include "core/config/description.hpp"

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include <ATen/core/Tensor.h>

namespace kaziranga::data {

/// Weights of the images in the loss, by class.
enum class ClassWeights { kNone, kBalanced };
inline constexpr std::pair<ClassWeights, std::string_view> kClassWeightsWords[] = {
    {ClassWeights::kNone, "none"}, {ClassWeights::kBalanced, "balanced"}};
constexpr auto& words_of(ClassWeights) {
    return kClassWeightsWords;
}

/// Order of training. `shuffle`: each image once. `balanced`: each class equally often, with its images in turn; images
/// of rare classes are repeated.
enum class Sampling { kShuffle, kBalanced };
inline constexpr std::pair<Sampling, std::string_view> kSamplingWords[] = {{Sampling::kShuffle, "shuffle"},
                                                                           {Sampling::kBalanced, "balanced"}};
constexpr auto& words_of(Sampling) {
    return kSamplingWords;
}

/// Options for classes with different numbers of images.
struct BalanceOptions {
    ClassWeights class_weights = ClassWeights::kNone;
    Sampling sampling = Sampling::kShuffle;
    double logit_adjustment = 0.0;

    static void describe(core::config::Description<BalanceOptions>& d);
};

/// Returns the order of one epoch: as many indices as there are samples.
/// @param y  [N] int64 on the CPU
std::vector<int64_t> epoch_order(const at::Tensor& y, Sampling sampling, uint64_t seed, int64_t epoch);

/// Returns [K] float32: N / (K n_k); 1 for a class without samples (scikit-learn's "balanced").
at::Tensor balanced_class_weights(const at::Tensor& y, int64_t classes);

/// Returns [K] float32: log(n_k / N), which logit adjustment adds to the logits in training.
/// Source: Menon et al. 2021, eq. 10 (arXiv:2007.07314)
at::Tensor log_frequencies(const at::Tensor& y, int64_t classes);

}  // namespace kaziranga::data
