#pragma once

#include "data/balance.hpp"
#include "training/heads/choice.hpp"
#include "training/heads/head_problem.hpp"
#include "training/heads/options.hpp"

#include <ATen/core/Tensor.h>

namespace kaziranga::training {

/// Splits the training images into folds, and evaluates heads on held-out images that they were not fitted to.
class HeldOut {
  public:
    HeldOut(const HeadProblem& problem, const HeadOptions& options, const data::BalanceOptions& balance);

    /// True if some images can be held out. False if every class has a single image.
    bool any() const { return images_.numel() > 1; }

    /// [N] int64, the fold of each image; -1 if it is never held out.
    const at::Tensor& fold_of() const { return fold_of_; }

    /// The number of folds; 0 if no image is held out.
    int64_t folds() const { return fold_of_.max().item<int64_t>() + 1; }

    /// Indices [n] of the images of a fold, and of all images outside it.
    at::Tensor of(int64_t fold) const { return fold_of_.eq(fold).nonzero().flatten(); }
    at::Tensor without(int64_t fold) const { return fold_of_.ne(fold).nonzero().flatten(); }

    /// True if outside each fold some class keeps two images or more, which show how images of a class vary.
    bool shows_variation() const;

    /// Evaluates logits on the images that are in a fold. The logits are those of the head that would be kept:
    /// calibrated and adjusted if the options say so. Without calibration, the loss is taken at the best temperature,
    /// unless logits are adjusted.
    /// @param logits  [N, K] float32, of heads as fitted
    /// @param linear  true for a linear head, which can be adjusted
    Answers judge(const at::Tensor& logits, bool linear) const;

    /// The same for logits of linear heads in all views, [N, V, K] of any floating dtype. Takes the mean over the
    /// judged views.
    Answers judge_views(const at::Tensor& logits) const;

    /// [n] double, weights of the images that are in a fold, with sum one. Classes count equally if the options ask for
    /// it.
    const at::Tensor& weights() const { return weights_; }

    /// [K], subtracted from the logits by logit adjustment.
    at::Tensor adjustment() const;

  private:
    /// Scales and adjusts the held-out rows for the evaluation.
    at::Tensor kept(const at::Tensor& held_out, double factor, bool linear) const;

    at::Tensor y_;  ///< [N]
    int64_t classes_;
    int64_t judged_views_;
    bool calibrate_;
    double logit_adjustment_;
    at::Tensor fold_of_;  ///< [N] int64
    at::Tensor images_;   ///< indices of the images that are in a fold
    at::Tensor weights_;
};

/// [N] double, weights with which all classes count equally: an image of a rare class has more weight. Undefined if the
/// options do not ask for it.
at::Tensor balanced_image_weights(const at::Tensor& y, int64_t classes, const data::BalanceOptions& balance);

}  // namespace kaziranga::training
