#include "data/balance.hpp"
#include "data/read_image.hpp"
#include "evaluation/records.hpp"
#include "models/head_forms.hpp"
#include "training/heads/new_head.hpp"
#include "training/heads/standardisation.hpp"
#include "training/loop/weight_average.hpp"
#include "training/run/method.hpp"

#include <chrono>

#include <ATen/ops/tensor.h>
#include <c10/core/GradMode.h>

namespace kaziranga::training {
namespace {

core::Hash128 content_hash(const at::Tensor& tensor) {
    return core::hash_bytes(tensor.const_data_ptr(), tensor.nbytes());
}

class HeadTraining final : public Method {
  public:
    explicit HeadTraining(const RunContext& context)
        : context_(context), extractor_(context.architecture, context.network, extractor_settings(context)) {}

    void prepare() override {
        const FeatureOptions& options = context_.options.features;
        FeatureCache cache(options.cache, extractor_.kind(), extractor_.feature_dim());
        const Views seen = views_to_fit(context_).views, asked = views_of(options.test_views);
        train_ = extract_split(context_, extractor_, "features train", context_.images.train, seen, cache);
        val_ = extract_split(context_, extractor_, "features val", context_.images.val, asked, cache);
        test_ = extract_split(context_, extractor_, "features test", context_.images.test, asked, cache);
        context_.sieve.settle();
        draw_views(seen);
    }

    core::Hash128 identity() const override {
        core::Hasher hasher;
        for (const at::Tensor& part : {train_.x, train_.y, val_.x, val_.y}) {
            const core::Hash128 hash = content_hash(part);
            hasher.add(&hash, sizeof hash);
        }
        return hasher.digest();
    }

    TrainingState train(TrainingState state, const SaveState& save) override {
        return context_.options.head.solved() ? solve(std::move(state), save) : descend(std::move(state), save);
    }

    void install(const models::StateDict& weights) override {
        models::load_state_dict(*head_, weights, {.source = "the trained head", .classifier_name = ""});
        if (context_.options.head.type == HeadKind::kLinear) {
            const auto& linear = dynamic_cast<const models::LinearHead&>(*head_);
            const c10::NoGradGuard no_grad;
            const LinearMap map{linear.weight.cpu().to(at::kDouble), linear.bias.cpu().to(at::kDouble)};
            context_.network.set_head(models::copy_head(*linear_head(standardisation_.fold(map)), head_->spec()));
            return;
        }
        context_.network.set_head(models::copy_head(*head_, head_->spec()));
    }

    at::Tensor logits(data::Split split) override {
        const at::Tensor& x = of(split).x;
        const bool seen = split == data::Split::kTrain;
        return models::mean_logits(*context_.network.head(), seen ? x.narrow(1, 0, views_to_fit(context_).judged) : x);
    }

  private:
    const SplitFeatures& of(data::Split split) const {
        return split == data::Split::kTrain ? train_ : split == data::Split::kVal ? val_ : test_;
    }

    /// Solves the head from all features at once. This takes seconds, so it is repeated instead of resumed.
    TrainingState solve(TrainingState state, const SaveState& save) {
        const auto start = std::chrono::steady_clock::now();
        head_ = find_head(context_, train_);
        state = {.features_seconds = state.features_seconds};
        state.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        state.head = head_->spec();
        state.finished = true;
        state.weights = copy_of(*head_);
        save(state);
        return state;
    }

    TrainingState descend(TrainingState state, const SaveState& save) {
        const Options& options = context_.options;
        const auto seed = static_cast<uint64_t>(options.seed);
        const int64_t views = train_.x.size(1);
        const at::Tensor rows = train_.x.flatten(0, 1);
        standardisation_ = Standardisation::of(rows, options.head.standardise);
        head_ = new_head(options.head, context_.network.linear_spec(), seed);
        if (auto* inside = dynamic_cast<models::StandardisedHead*>(head_.get()))
            inside->set(standardisation_.mean, standardisation_.scale);
        state.head = head_->spec();
        head_->to(context_.device);
        const bool outside = type_of(options.head.type).linear;  // standardisation is folded in at the end
        const auto input = [&](const at::Tensor& x) {
            return (outside ? standardisation_.apply(x) : x).to(context_.device);
        };

        std::vector<std::string> names;
        for (const data::Sample& sample : context_.images.train.samples)
            names.insert(names.end(), static_cast<size_t>(views), sample.name);
        const auto batches = make_row_batches(input(rows), train_.y.repeat_interleave(views).to(context_.device), names,
                                              options.train.batch_size, options.balance.sampling, seed);
        Task task{.module = head_.get(),
                  .parameters = parameters_of(*head_),
                  .logits = [this](const at::Tensor& x) { return head_->forward(x); },
                  .batches = batches.get()};
        balance_loss(task, options.balance, train_.y, context_.network.num_classes(), context_.device);
        const auto measured = [&](const SplitFeatures& split) {
            return [this, &split, x = input(split.x.flatten(0, 1))] {
                const c10::NoGradGuard no_grad;
                const at::Tensor by_view = head_->forward(x).view({split.x.size(0), split.x.size(1), -1});
                return evaluation::measure(by_view.mean(1).cpu(), split.y);
            };
        };
        if (val_.y.numel() > 0) task.validate = measured(val_);
        for (const data::Split split : options.train.measure) {
            const SplitFeatures& features = of(split);
            if (features.y.numel() > 0) task.measured.emplace_back(core::config::word_of(split), measured(features));
        }
        return training::train(task, {options.train, options.optimizer, options.scheduler}, std::move(state), save);
    }

    /// Draws images of many classes, each in one of its views.
    void draw_views(const Views& views) const {
        constexpr size_t kShown = 16;
        const UsableImages& images = context_.images.train;
        if (images.samples.empty()) return;
        const core::Preprocessing preprocessing = resolve_preprocessing(context_.architecture, context_.options.data);
        std::vector<at::Tensor> drawn;
        std::vector<int64_t> labels;
        const size_t count = std::min(kShown, images.samples.size());
        for (size_t i = 0; i < count; ++i) {
            const size_t s = i * images.samples.size() / count;
            const data::Sample& sample = images.samples[s];
            const at::Tensor image = data::read_image(
                sample, data::limits_for(preprocessing, context_.options.data.max_pixels), &images.contents[s]);
            drawn.push_back(load_view(image, images.contents[s], views, i % views.list.size(), preprocessing));
            labels.push_back(sample.label);
        }
        draw_train_batch(context_, at::stack(drawn), labels);
    }

    const RunContext context_;
    FeatureExtractor extractor_;
    SplitFeatures train_, val_, test_;
    Standardisation standardisation_;
    std::shared_ptr<models::Head> head_;
};

}  // namespace

std::unique_ptr<Method> make_head_training(const RunContext& context) {
    return std::make_unique<HeadTraining>(context);
}

}  // namespace kaziranga::training
