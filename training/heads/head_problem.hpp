#pragma once

#include "core/hash.hpp"
#include "models/source_head.hpp"

#include <cstdint>
#include <vector>

#include <ATen/core/Tensor.h>

namespace kaziranga::training {

/// What a head is found from: features of the training images.
struct HeadProblem {
    at::Tensor x;  ///< [N, V, D] float32 on the CPU, V views of N images
    at::Tensor y;  ///< [N] int64
    int64_t classes = 0;
    uint64_t seed = 0;                         ///< of the folds
    models::SourceLayer source = {};           ///< what the network was pretrained with; may be undefined
    int64_t stage_features = 0;                ///< of x the last columns: pooled from earlier stages
    std::vector<core::Hash128> contents = {};  ///< of the N images, to know copies by; empty: there are none
    int64_t judged_views = 1;                  ///< the first views, by whose mean logits an image is classified
};

}  // namespace kaziranga::training
