#include "training/heads/held_out.hpp"

#include <ATen/ops/ones.h>
#include <ATen/ops/tensor.h>

#include <cmath>

#include "training/balance.hpp"
#include "training/heads/folds.hpp"
#include "training/heads/temperature.hpp"

namespace kaziranga::training {
namespace {

at::Tensor alike(const at::Tensor& y, int64_t classes) {
    return balanced_class_weights(y, classes).to(at::kDouble).index_select(0, y);
}

}  // namespace

at::Tensor balanced_image_weights(const at::Tensor& y, int64_t classes, const BalanceOptions& balance) {
    const bool balanced = balance.class_weights == "balanced" || balance.sampling == "balanced";
    return balanced ? alike(y, classes) : at::Tensor();
}

HeldOut::HeldOut(const HeadProblem& problem, const HeadOptions& options, const BalanceOptions& balance)
    : y_(problem.y),
      classes_(problem.classes),
      calibrate_(options.calibrate),
      logit_adjustment_(balance.logit_adjustment),
      fold_of_(at::tensor(deal_folds(y_, classes_, options.folds, problem.seed, problem.contents), at::kLong)),
      images_(fold_of_.ge(0).nonzero().flatten()) {
    const bool by_class = balanced_image_weights(y_, classes_, balance).defined() || logit_adjustment_ > 0;
    const at::Tensor weights = by_class ? alike(y_, classes_) : at::ones({y_.size(0)}, at::kDouble);
    weights_ = weights.index_select(0, images_);
    weights_ = weights_ / weights_.sum();
}

at::Tensor HeldOut::adjustment() const {
    return log_frequencies(y_, classes_) * logit_adjustment_;
}

at::Tensor HeldOut::kept(const at::Tensor& held_out, double factor, bool linear) const {
    at::Tensor logits = held_out * (calibrate_ || logit_adjustment_ == 0 ? factor : 1);
    if (linear) logits.sub_(adjustment());
    return logits;
}

double HeldOut::judge(Candidate& candidate, const at::Tensor& logits, bool linear) const {
    const at::Tensor held_out = logits.index_select(0, images_), y = y_.index_select(0, images_);
    const double factor = best_temperature_factor(held_out, y);
    const at::Tensor judged = kept(held_out, factor, linear);
    const at::Tensor right = judged.argmax(1).eq(y).to(at::kDouble);
    const double mean = right.dot(weights_).item<double>();
    const double variance = (right - mean).square().mul(weights_.square()).sum().item<double>();
    const at::Tensor log_probability = judged.log_softmax(1).gather(1, y.unsqueeze(1)).squeeze(1);
    candidate.top1 = 100 * mean;
    candidate.error = 100 * std::sqrt(variance);
    candidate.loss = -log_probability.to(at::kDouble).dot(weights_).item<double>();
    return factor;
}

double HeldOut::top1(const at::Tensor& logits) const {
    const at::Tensor held_out = logits.index_select(0, images_), y = y_.index_select(0, images_);
    const bool scaled = calibrate_ && logit_adjustment_ > 0;  // else no scale changes the order
    const at::Tensor judged = kept(held_out, scaled ? best_temperature_factor(held_out, y) : 1, /*linear=*/true);
    return 100 * judged.argmax(1).eq(y).to(at::kDouble).dot(weights_).item<double>();
}

}  // namespace kaziranga::training
