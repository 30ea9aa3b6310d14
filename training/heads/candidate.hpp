#pragma once

#include <string>
#include <vector>

namespace kaziranga::training {

/// A head that was evaluated on the held-out folds of the training set.
struct Candidate {
    std::string head;     ///< "lda", "ensemble"
    std::string setting;  ///< "shrinkage 0.3", "lda + logistic"
    double top1 = 0;   ///< percent of the held-out images, each classified by a head that was not fitted to it; classes
                       ///< count equally if they are balanced
    double error = 0;  ///< standard error of top1, percent
    double loss = 0;  ///< mean loss of the same images at the best temperature (unscaled if logits are adjusted but not
                      ///< calibrated)
    double seconds = 0;  ///< of the family for this and its other settings, all folds; work that several families share
                         ///< counts for the first
    bool chosen = false;
    std::string why;  ///< "best top-1; lowest loss"
};

/// The CSV table `head,setting,cv_top1,standard_error,cv_loss,seconds,chosen,why`, one line per candidate.
std::string candidates_csv(const std::vector<Candidate>& candidates);

}  // namespace kaziranga::training
