#pragma once

#include "data/balance.hpp"
#include "training/heads/choice.hpp"
#include "training/heads/head_problem.hpp"
#include "training/heads/options.hpp"

#include <ATen/core/Tensor.h>

namespace kaziranga::training {

/// The training images in turns: which are held out in which fold, and how good heads are that have not seen them.
class HeldOut {
  public:
    HeldOut(const HeadProblem& problem, const HeadOptions& options, const data::BalanceOptions& balance);

    /// Whether some images can be held out: not where every class has a single one.
    bool any() const { return images_.numel() > 1; }

    /// [N] int64, of each image; -1 where it is never held out.
    const at::Tensor& fold_of() const { return fold_of_; }

    /// How many folds there are; 0 where no image is held out.
    int64_t folds() const { return fold_of_.max().item<int64_t>() + 1; }

    /// Images [n] of a fold, and all that are not in it.
    at::Tensor of(int64_t fold) const { return fold_of_.eq(fold).nonzero().flatten(); }
    at::Tensor without(int64_t fold) const { return fold_of_.ne(fold).nonzero().flatten(); }

    /// Of the images in some fold, as a head would be kept: calibrated and adjusted where the options say so, the loss
    /// without calibration at the best temperature unless it is adjusted.
    /// @param logits  [N, K] float32, of heads as they are fitted     @param linear  a linear head, which can be
    /// adjusted
    Answers judge(const at::Tensor& logits, bool linear) const;

    /// The same of linear heads' logits in all views, [N, V, K] of any floating dtype, by the mean of those that are
    /// judged.
    Answers judge_views(const at::Tensor& logits) const;

    /// [n] double, of the images in some fold, of sum one: classes count alike where the options ask for it.
    const at::Tensor& weights() const { return weights_; }

    /// [K], what logit adjustment takes out of the logits.
    at::Tensor adjustment() const;

  private:
    /// The held-out rows, scaled and adjusted as they are judged.
    at::Tensor kept(const at::Tensor& held_out, double factor, bool linear) const;

    at::Tensor y_;  ///< [N]
    int64_t classes_;
    int64_t judged_views_;
    bool calibrate_;
    double logit_adjustment_;
    at::Tensor fold_of_;  ///< [N] int64
    at::Tensor images_;   ///< that are in some fold
    at::Tensor weights_;
};

/// [N] double: an image of a rare class counts for more, so that classes count alike; undefined where the options do
/// not ask for it.
at::Tensor balanced_image_weights(const at::Tensor& y, int64_t classes, const data::BalanceOptions& balance);

}  // namespace kaziranga::training
