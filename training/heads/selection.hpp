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
    std::vector<Candidate> candidates;  ///< empty if there was nothing to choose or to calibrate
};

/// Solves the head that options.type names. Stratified cross-validation inside the training set chooses its penalty,
/// shrinkage and temperature unless the options give them; `auto` chooses the head too. Folds are of images, never of
/// their views, and images are evaluated by the mean logits of problem.judged_views.
/// @throws core::Interrupted between fits
SolvedHead solve_head(const HeadProblem& problem, const HeadOptions& options, const data::BalanceOptions& balance);

}  // namespace kaziranga::training
