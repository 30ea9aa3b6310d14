#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <string>
#include <vector>

#include "models/heads.hpp"
#include "training/options.hpp"

namespace kaziranga::training {

/// What a head is found from: features of the training images.
struct HeadProblem {
    at::Tensor x;        ///< [N, V, D] float32 on the CPU, V views of N images, the first of them the centre
    at::Tensor y;        ///< [N] int64
    int64_t classes = 0;
    uint64_t seed = 0;   ///< of the folds
};

/// One head that was judged by the held-out folds of the training set.
struct Candidate {
    std::string head;     ///< "lda", "ensemble of lda and logistic"
    std::string setting;  ///< "shrinkage 0.3"
    double top1 = 0;      ///< percent of the training images, each judged by a head that has not seen it
    double error = 0;     ///< standard error of top1, percent
    double loss = 0;      ///< of the same, at the best temperature
    double seconds = 0;   ///< that fitting took, all folds
    bool chosen = false;
};

/// `head,setting,cv_top1,standard_error,cv_loss,seconds,chosen`, a line a candidate.
std::string candidates_csv(const std::vector<Candidate>& candidates);

struct SolvedHead {
    std::shared_ptr<models::Head> head;
    std::vector<Candidate> candidates;  ///< empty where there was nothing to choose or to calibrate
};

/// The head that options.type names, its penalty, shrinkage and temperature chosen by stratified cross-validation
/// inside the training set unless the options give them; `auto` chooses the head as well. Folds are of images, never
/// of their views, and images are judged by their centre.
/// @throws core::Interrupted between fits
SolvedHead solve_head(const HeadProblem& problem, const HeadOptions& options, const BalanceOptions& balance);

/// 0 … folds-1 for each image: every class is dealt out evenly, in an order that depends on the seed alone; a class of
/// a single image goes into fold -1, which is never held out.
std::vector<int64_t> deal_folds(const at::Tensor& y, int64_t classes, int64_t folds, uint64_t seed);

/// The factor of logits that gives the least cross-entropy; 1 where none is finite.
/// @param logits  [N, K] double     @param y  [N] int64
double best_temperature_factor(const at::Tensor& logits, const at::Tensor& y);

}  // namespace kaziranga::training
