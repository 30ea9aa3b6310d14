#pragma once

#include "core/hash.hpp"

#include <cstdint>
#include <vector>

#include <ATen/core/Tensor.h>

namespace kaziranga::training {

/// 0 … folds-1 for each image: every class is dealt out evenly, in an order that depends on the seed alone; copies of
/// an image lie in one fold, or one would tell of the other. A class of a single image goes into fold -1, which is
/// never held out. Where no class has more than two images, there are two folds: with more, a class that gives an image
/// would keep half as many as most others, and heads would hardly ever think of it. From three images on that matters
/// less than how many images are left to learn from.
/// @param y         [N] int64 in [0, classes)
/// @param contents  of the N images, to know copies by; empty: there are none
std::vector<int64_t> deal_folds(const at::Tensor& y, int64_t classes, int64_t folds, uint64_t seed,
                                const std::vector<core::Hash128>& contents = {});

}  // namespace kaziranga::training
