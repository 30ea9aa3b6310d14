#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace kaziranga::training {

/// 0 … folds-1 for each image: every class is dealt out evenly, in an order that depends on the seed alone; a class of
/// a single image goes into fold -1, which is never held out.
/// @param y  [N] int64 in [0, classes)
std::vector<int64_t> deal_folds(const at::Tensor& y, int64_t classes, int64_t folds, uint64_t seed);

}  // namespace kaziranga::training
