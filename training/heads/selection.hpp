#pragma once

#include "data/balance.hpp"
#include "models/heads.hpp"
#include "training/heads/candidate.hpp"
#include "training/heads/head_problem.hpp"
#include "training/heads/options.hpp"

#include <memory>
#include <vector>

namespace kaziranga::training {

struct SolvedHead {
    std::shared_ptr<models::Head> head;
    std::vector<Candidate> candidates;  ///< empty where there was nothing to choose or to calibrate
};

/// The head that options.type names, its penalty, shrinkage and temperature chosen by stratified cross-validation
/// inside the training set unless the options give them; `auto` chooses the head as well. Folds are of images, never
/// of their views, and images are judged by the mean logits of problem.judged_views.
/// @throws core::Interrupted between fits
SolvedHead solve_head(const HeadProblem& problem, const HeadOptions& options, const data::BalanceOptions& balance);

}  // namespace kaziranga::training
