#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <vector>

#include "models/heads.hpp"
#include "training/heads/candidate.hpp"
#include "training/options.hpp"

namespace kaziranga::training {

/// What a head is found from: features of the training images.
struct HeadProblem {
    at::Tensor x;        ///< [N, V, D] float32 on the CPU, V views of N images, the first of them the centre
    at::Tensor y;        ///< [N] int64
    int64_t classes = 0;
    uint64_t seed = 0;   ///< of the folds
};

struct SolvedHead {
    std::shared_ptr<models::Head> head;
    std::vector<Candidate> candidates;  ///< empty where there was nothing to choose or to calibrate
};

/// The head that options.type names, its penalty, shrinkage and temperature chosen by stratified cross-validation
/// inside the training set unless the options give them; `auto` chooses the head as well. Folds are of images, never
/// of their views, and images are judged by their centre.
/// @throws core::Interrupted between fits
SolvedHead solve_head(const HeadProblem& problem, const HeadOptions& options, const BalanceOptions& balance);

}  // namespace kaziranga::training
