#pragma once

#include <ATen/core/Tensor.h>

#include "training/heads/candidate.hpp"
#include "training/heads/head_problem.hpp"
#include "training/options.hpp"

namespace kaziranga::training {

/// The training images in turns: which are held out in which fold, and how good heads are that have not seen them.
class HeldOut {
  public:
    HeldOut(const HeadProblem& problem, const HeadOptions& options, const BalanceOptions& balance);

    /// Whether some images can be held out: not where every class has a single one.
    bool any() const { return images_.numel() > 1; }

    /// [N] int64, of each image; -1 where it is never held out.
    const at::Tensor& fold_of() const { return fold_of_; }

    /// Images [n] of a fold, and all that are not in it.
    at::Tensor of(int64_t fold) const { return fold_of_.eq(fold).nonzero().flatten(); }
    at::Tensor without(int64_t fold) const { return fold_of_.ne(fold).nonzero().flatten(); }

    /// Fills in a candidate's figures, as its head would be kept: calibrated and adjusted where the options say so, the
    /// loss without calibration at the best temperature unless it is adjusted.
    /// @param logits  [N, K] float32, of heads as they are fitted     @param linear  a linear head, which can be
    /// adjusted
    /// @return the factor that calibrates them
    double judge(Candidate& candidate, const at::Tensor& logits, bool linear) const;

    /// The top-1 that judge() finds for linear heads.
    double top1(const at::Tensor& logits) const;

    /// [K], what logit adjustment takes out of the logits.
    at::Tensor adjustment() const;

  private:
    /// The held-out rows, scaled and adjusted as they are judged.
    at::Tensor kept(const at::Tensor& held_out, double factor, bool linear) const;

    at::Tensor y_;  ///< [N]
    int64_t classes_;
    bool calibrate_;
    double logit_adjustment_;
    at::Tensor fold_of_;  ///< [N] int64
    at::Tensor images_;   ///< that are in some fold
    at::Tensor weights_;  ///< of those, double, of sum one
};

/// [N] double: an image of a rare class counts for more, so that classes count alike; undefined where the options do
/// not ask for it.
at::Tensor balanced_image_weights(const at::Tensor& y, int64_t classes, const BalanceOptions& balance);

}  // namespace kaziranga::training
