#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "core/hash.hpp"

namespace kaziranga::training {

/// 0 … folds-1 for each image: every class is dealt out evenly, in an order that depends on the seed alone; copies of
/// an image lie in one fold, or one would tell of the other. A class of a single image goes into fold -1, which is
/// never held out. There are no more folds than the largest class has images: with more, each fold would leave out an
/// image of some classes only, and heads would take it for one of the others, which have more images left.
/// @param y         [N] int64 in [0, classes)
/// @param contents  of the N images, to know copies by; empty: there are none
std::vector<int64_t> deal_folds(const at::Tensor& y, int64_t classes, int64_t folds, uint64_t seed,
                                const std::vector<core::Hash128>& contents = {});

}  // namespace kaziranga::training
