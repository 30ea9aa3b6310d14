#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <vector>

#include "models/source_head.hpp"
#include "training/heads/candidate.hpp"
#include "training/options.hpp"

namespace kaziranga::training {

/// What a head is found from: features of the training images.
struct HeadProblem {
    at::Tensor x;        ///< [N, V, D] float32 on the CPU, V views of N images
    at::Tensor y;        ///< [N] int64
    int64_t classes = 0;
    uint64_t seed = 0;   ///< of the folds
    models::SourceLayer source = {};  ///< what the network was pretrained with; may be undefined
    int64_t stage_features = 0;       ///< of x the last columns: pooled from earlier stages
    int64_t judged_views = 1;         ///< the first views, by whose mean logits an image is classified
};

struct SolvedHead {
    std::shared_ptr<models::Head> head;
    std::vector<Candidate> candidates;  ///< empty where there was nothing to choose or to calibrate
};

/// The head that options.type names, its penalty, shrinkage and temperature chosen by stratified cross-validation
/// inside the training set unless the options give them; `auto` chooses the head as well. Folds are of images, never
/// of their views, and images are judged by the mean logits of problem.judged_views.
/// @throws core::Interrupted between fits
SolvedHead solve_head(const HeadProblem& problem, const HeadOptions& options, const BalanceOptions& balance);

}  // namespace kaziranga::training
