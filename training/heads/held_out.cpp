#include "training/heads/held_out.hpp"

#include "training/heads/folds.hpp"
#include "training/heads/temperature.hpp"

#include <ATen/ops/ones.h>
#include <ATen/ops/tensor.h>

namespace kaziranga::training {
namespace {

at::Tensor alike(const at::Tensor& y, int64_t classes) {
    return data::balanced_class_weights(y, classes).to(at::kDouble).index_select(0, y);
}

}  // namespace

at::Tensor balanced_image_weights(const at::Tensor& y, int64_t classes, const data::BalanceOptions& balance) {
    const bool balanced =
        balance.class_weights == data::ClassWeights::kBalanced || balance.sampling == data::Sampling::kBalanced;
    return balanced ? alike(y, classes) : at::Tensor();
}

HeldOut::HeldOut(const HeadProblem& problem, const HeadOptions& options, const data::BalanceOptions& balance)
    : y_(problem.y),
      classes_(problem.classes),
      judged_views_(problem.judged_views),
      calibrate_(options.calibrate),
      logit_adjustment_(balance.logit_adjustment),
      fold_of_(at::tensor(deal_folds(y_, classes_, options.folds, problem.seed, problem.units), at::kLong)),
      images_(fold_of_.ge(0).nonzero().flatten()) {
    const bool by_class = balanced_image_weights(y_, classes_, balance).defined() || logit_adjustment_ > 0;
    const at::Tensor weights = by_class ? alike(y_, classes_) : at::ones({y_.size(0)}, at::kDouble);
    weights_ = weights.index_select(0, images_);
    weights_ = weights_ / weights_.sum();
}

bool HeldOut::shows_variation() const {
    for (int64_t fold = 0; fold < folds(); ++fold) {
        if (y_.index_select(0, without(fold)).bincount({}, classes_).max().item<int64_t>() < 2) return false;
    }
    return true;
}

at::Tensor HeldOut::adjustment() const {
    return data::log_frequencies(y_, classes_) * logit_adjustment_;
}

at::Tensor HeldOut::kept(const at::Tensor& held_out, double factor, bool linear) const {
    at::Tensor logits = held_out * (calibrate_ || logit_adjustment_ == 0 ? factor : 1);
    if (linear) logits.sub_(adjustment());
    return logits;
}

Answers HeldOut::judge(const at::Tensor& logits, bool linear) const {
    const at::Tensor held_out = logits.index_select(0, images_), y = y_.index_select(0, images_);
    const TemperatureFactors factors = temperature_factors(held_out, y);
    const at::Tensor judged = kept(held_out, factors.best, linear);
    const at::Tensor log_probability = judged.log_softmax(1).gather(1, y.unsqueeze(1)).squeeze(1);
    return {judged.argmax(1).eq(y).to(at::kDouble), -log_probability.to(at::kDouble), factors};
}

Answers HeldOut::judge_views(const at::Tensor& logits) const {
    return judge(logits.narrow(1, 0, judged_views_).mean(1).to(at::kFloat), /*linear=*/true);
}

}  // namespace kaziranga::training
