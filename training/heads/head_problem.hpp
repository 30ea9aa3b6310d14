#pragma once

#include "core/hash.hpp"
#include "models/source_head.hpp"

#include <cstdint>
#include <vector>

#include <ATen/core/Tensor.h>

namespace kaziranga::training {

/// The data from which a head is solved: features of the training images.
struct HeadProblem {
    at::Tensor x;  ///< [N, V, D] float32 on the CPU, V views of N images
    at::Tensor y;  ///< [N] int64
    int64_t classes = 0;
    uint64_t seed = 0;                ///< seed of the folds
    models::SourceLayer source = {};  ///< the output layer of the pretraining; may be undefined
    int64_t stage_features = 0;       ///< number of the last columns of x, which are pooled from earlier stages
    /// Hashes of what stays in one fold: of the N images' groups or, without a group, of their contents, so that copies
    /// stay together. Empty: each image is by itself.
    std::vector<core::Hash128> units = {};
    int64_t judged_views = 1;  ///< number of the first views, whose mean logits classify an image
};

}  // namespace kaziranga::training
