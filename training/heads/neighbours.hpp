#pragma once

#include <ATen/core/Tensor.h>

namespace kaziranga::training {

/// Weighted k nearest neighbours by cosine (Wu et al. 2018, "Unsupervised feature learning via non-parametric instance
/// discrimination", section 3.4): log of the sum over the neighbours of each class of exp(cosine / temperature). A
/// class without a neighbour gets -1 / temperature, as from a single one opposite to the query.
/// @param bank         [N, D] floating, rows of length one
/// @param labels       [N] int64 in [0, classes)
/// @param query        [M, D] as bank
/// @param k            > 0; N where there are no more rows
/// @param temperature  >= 0.01
/// @return [M, classes] double
at::Tensor neighbour_scores(const at::Tensor& bank, const at::Tensor& labels, int64_t classes, const at::Tensor& query,
                            int64_t k, double temperature);

}  // namespace kaziranga::training
