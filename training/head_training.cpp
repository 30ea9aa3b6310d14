#include <ATen/ops/tensor.h>
#include <c10/core/GradMode.h>
#include <torch/nn/modules/linear.h>

#include "evaluation/records.hpp"
#include "training/method.hpp"

namespace kaziranga::training {
namespace {

/// Shift and scale that give each feature mean 0 and variance 1 over the training set.
struct Standardisation {
    at::Tensor mean, scale;  ///< [D] float32; z = (x - mean) * scale

    static Standardisation of(const at::Tensor& x, bool wanted) {
        if (!wanted) return {at::zeros({x.size(1)}), at::ones({x.size(1)})};
        const at::Tensor values = x.to(at::kDouble);
        const at::Tensor deviation = values.std(0, /*unbiased=*/false);
        const at::Tensor scale = at::where(deviation > 0, deviation.reciprocal(), at::zeros_like(deviation));
        return {values.mean(0).to(at::kFloat), scale.to(at::kFloat)};
    }
    at::Tensor apply(const at::Tensor& x) const { return (x - mean) * scale; }
};

core::Hash128 content_hash(const at::Tensor& tensor) { return core::hash_bytes(tensor.const_data_ptr(), tensor.nbytes()); }

/// Features of one split with everything that is asked of them.
struct SplitFeatures {
    at::Tensor x;  ///< [N, V, D]
    at::Tensor y;  ///< [N]
    at::Tensor centre() const { return x.select(1, 0); }
};

class HeadTraining final : public Method {
  public:
    explicit HeadTraining(const RunContext& context) : context_(context), extractor_(context.architecture, context.network, extractor_settings(context)) {
        FeatureCache cache(context.options.features.cache, extractor_.identity(), extractor_.feature_dim());
        const FeatureOptions& options = context.options.features;
        train_ = extract("features train", context.images.train, options.views, cache);
        val_ = extract("features val", context.images.val, 1, cache);
        test_ = extract("features test", context.images.test, 1, cache);
        context.sieve.settle();

        const int64_t views = train_.x.size(1);
        rows_ = train_.x.flatten(0, 1);
        row_labels_ = train_.y.repeat_interleave(views);
        standardisation_ = Standardisation::of(rows_, context.options.head.standardise);
        head_ = torch::nn::Linear(extractor_.feature_dim(), context.network.num_classes());
        const c10::NoGradGuard no_grad;
        head_->weight.zero_();
        head_->bias.zero_();
    }

    core::Hash128 identity() const override {
        core::Hasher hasher;
        for (const at::Tensor& part : {rows_, row_labels_, val_.x, val_.y}) {
            const core::Hash128 hash = content_hash(part);
            hasher.add(&hash, sizeof hash);
        }
        return hasher.digest();
    }

    TrainingState train(TrainingState state, const SaveState& save) override {
        const Options& options = context_.options;
        head_->to(context_.device);
        const bool all_at_once = options.optimizer.name == "lbfgs";
        const auto batches = make_row_batches(standardisation_.apply(rows_).to(context_.device),
                                              row_labels_.to(context_.device),
                                              all_at_once ? rows_.size(0) : options.train.batch_size,
                                              static_cast<uint64_t>(options.seed));
        Task task{.module = head_.get(),
                  .logits = [this](const at::Tensor& x) { return head_->forward(x); },
                  .batches = batches.get(),
                  .validate = {}};
        const at::Tensor val = val_.y.numel() > 0 ? standardisation_.apply(val_.centre()).to(context_.device) : at::Tensor();
        if (val.defined()) {
            task.validate = [&] {
                const c10::NoGradGuard no_grad;
                return evaluation::measure(head_->forward(val), val_.y);
            };
        }
        return training::train(task, {options.train, options.optimizer, options.scheduler}, std::move(state), save);
    }

    /// W (x - mean) * scale + b  =  (W * scale) x + (b - (W * scale) mean): the standardisation goes into the layer.
    void install(const models::StateDict& weights) override {
        const c10::NoGradGuard no_grad;
        torch::nn::Linear head(head_->options);
        models::load_state_dict(*head, weights, {.source = "the trained head", .classifier_name = ""});
        const at::Tensor folded = head->weight.to(at::kDouble) * standardisation_.scale;
        context_.network.classifier()->weight.copy_(folded);
        context_.network.classifier()->bias.copy_(head->bias.to(at::kDouble) - folded.mv(standardisation_.mean.to(at::kDouble)));
    }

    at::Tensor logits(const UsableImages& split) override {
        const c10::NoGradGuard no_grad;
        const SplitFeatures& features = &split == &context_.images.train ? train_
                                        : &split == &context_.images.val ? val_
                                                                         : test_;
        return context_.network.classify(features.centre());
    }

  private:
    SplitFeatures extract(const std::string& phase, UsableImages& images, int64_t views, FeatureCache& cache) {
        const FeatureOptions& options = context_.options.features;
        const ViewOptions wanted{views, options.min_area, static_cast<uint64_t>(context_.options.seed)};
        const Features features = extractor_.extract(phase, images.samples, images.contents, wanted, &cache);
        const at::Tensor kept = at::tensor(context_.sieve.drop(images, features.failed), at::kLong);
        return {features.x.index_select(0, kept), evaluation::labels_of(images.samples)};
    }

    const RunContext context_;
    FeatureExtractor extractor_;
    SplitFeatures train_, val_, test_;
    at::Tensor rows_;        ///< [N*V, D], the views of an image side by side
    at::Tensor row_labels_;  ///< [N*V]
    Standardisation standardisation_;
    torch::nn::Linear head_{nullptr};
};

}  // namespace

FeatureExtractor::Settings extractor_settings(const RunContext& context) {
    return {.preprocessing = context.architecture.preprocessing,
            .device = context.device,
            .precision = resolve_precision(context.options.features.precision, context.device),
            .batch_size = context.options.features.batch_size,
            .workers = context.workers,
            .max_pixels = context.options.data.max_pixels};
}

std::unique_ptr<Method> make_head_training(const RunContext& context) { return std::make_unique<HeadTraining>(context); }

}  // namespace kaziranga::training
