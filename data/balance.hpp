#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>
#include <vector>

namespace kaziranga::training {

/// The order of one epoch, as many draws as there are samples. `shuffle`: each once. `balanced`: every class equally
/// often, its samples in turn, those of rare classes repeatedly.
/// @param y  [N] int64 on the CPU
std::vector<int64_t> epoch_order(const at::Tensor& y, const std::string& sampling, uint64_t seed, int64_t epoch);

/// [K] float32: N / (K n_k), 1 where a class has no sample (scikit-learn's "balanced").
at::Tensor balanced_class_weights(const at::Tensor& y, int64_t classes);

/// [K] float32: log(n_k / N), what logit adjustment adds to the logits in training.
/// Source: Menon et al. 2021, eq. 10 (arXiv:2007.07314)
at::Tensor log_frequencies(const at::Tensor& y, int64_t classes);

}  // namespace kaziranga::training
