#pragma once

#include "core/hash.hpp"

#include <cstdint>
#include <vector>

#include <ATen/core/Tensor.h>

namespace kaziranga::training {

/// Returns a fold 0 … folds-1 for each image. Every class is distributed evenly, in an order that depends only on the
/// seed. Images of one unit, such as copies of an image, get the same fold, also in several classes; otherwise one
/// would reveal the other. Fold -1 is never held out (data::deal_to_folds): every class keeps images to learn from. If
/// no class has more than two images, there are two folds: with more folds, a class that gives up an image would keep
/// half as many images as most other classes, and heads would hardly ever choose it. From three images on, this matters
/// less than how many images are left to learn from.
/// @param y         [N] int64 in [0, classes)
/// @param units     HeadProblem::units
std::vector<int64_t> deal_folds(const at::Tensor& y, int64_t classes, int64_t folds, uint64_t seed,
                                const std::vector<core::Hash128>& units = {});

}  // namespace kaziranga::training
