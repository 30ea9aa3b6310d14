#include "models/backbone.hpp"

#include "models/head_forms.hpp"

#include <ATen/ops/cat.h>
#include <ATen/ops/mean.h>

namespace kaziranga::models {

torch::Tensor Backbone::features(torch::Tensor x) {
    if (feature_set_ == FeatureSet::kLastStage) return pool(map_features(std::move(x), nullptr));
    std::vector<torch::Tensor> stages;
    torch::Tensor last = pool(map_features(std::move(x), &stages));
    stages.insert(stages.begin(), std::move(last));
    return at::cat(stages, 1);
}

void Backbone::fuse(torch::Dtype precision) {
    TORCH_CHECK(!is_training(), "a network that is trained cannot be fused");
    each_step([precision](ConvNorm& step) { step.fuse(precision); });
}

void Backbone::quantise() {
    TORCH_CHECK(!is_training(), "a network that is trained cannot be quantised");
    torch::NoGradGuard no_grad;
    const StepRanges ranges = step_ranges();
    each_step([&ranges](ConvNorm& step) { step.quantise(ranges.at(&step)); });
}

torch::Tensor Backbone::pool(const torch::Tensor& values) {
    const torch::Tensor x = values.is_quantized() ? values.dequantize() : values;
    const auto precision = c10::promoteTypes(x.scalar_type(), torch::kFloat32);
    return at::mean(x, at::IntArrayRef({2, 3}), /*keepdim=*/false, precision);
}

void Backbone::register_classifier(const std::string& name, int64_t last_dim, int64_t stage_dim, int64_t num_classes) {
    TORCH_CHECK(num_classes > 0, "a network needs at least one class");
    classifier_name_ = name;
    last_dim_ = last_dim;
    stage_dim_ = stage_dim;
    head_ = register_module(name, make_head({.features = last_dim, .classes = num_classes}));
}

bool Backbone::fits(const HeadSpec& spec) const {
    const bool known = spec.stage_features == 0 || spec.stage_features == stage_dim_;
    return known && spec.features - spec.stage_features == last_dim_;
}

void Backbone::set_head(std::shared_ptr<Head> head) {
    TORCH_CHECK(fits(head->spec()), "the head takes other features than the network has");
    head_ = replace_module(classifier_name_, std::move(head));
    feature_set_ = head_->spec().stage_features > 0 ? FeatureSet::kAllStages : FeatureSet::kLastStage;
}

}  // namespace kaziranga::models
