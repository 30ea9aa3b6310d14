#pragma once

#include <string>
#include <vector>

namespace kaziranga::training {

/// One head that was judged by the held-out folds of the training set.
struct Candidate {
    std::string head;     ///< "lda", "ensemble"
    std::string setting;  ///< "shrinkage 0.3", "lda + logistic"
    double top1 = 0;   ///< percent of the held-out images, each judged by a head that has not seen it; of classes alike
                       ///< where they are balanced
    double error = 0;  ///< standard error of top1, percent
    double loss = 0;   ///< of the same, at the best temperature (unscaled where logits are adjusted but not calibrated)
    double seconds = 0;  ///< that the family took for it and its other settings, all folds; what several families share
                         ///< counts for the first
    bool chosen = false;
    std::string why;  ///< "best top-1; lowest loss"
};

/// `head,setting,cv_top1,standard_error,cv_loss,seconds,chosen,why`, a line a candidate.
std::string candidates_csv(const std::vector<Candidate>& candidates);

}  // namespace kaziranga::training
