#include <ATen/ops/tensor.h>
#include <c10/core/GradMode.h>

#include <algorithm>

#include "core/files.hpp"
#include "core/random.hpp"
#include "core/text.hpp"
#include "data/augment/augment.hpp"
#include "data/decode.hpp"
#include "data/loader.hpp"
#include "evaluation/records.hpp"
#include "training/method.hpp"

namespace kaziranga::training {
namespace {

/// Batches of randomly cropped and flipped images, decoded ahead of their use.
class ImageBatches final : public Batches {
  public:
    explicit ImageBatches(const RunContext& context) : context_(context), images_(context.images.train) {}

    int64_t size() const override { return static_cast<int64_t>(images_.samples.size()); }
    int64_t batch_size() const override { return std::min(context_.options.train.batch_size, size()); }

    std::pair<torch::Tensor, torch::Tensor> get(int64_t epoch, int64_t step) override {
        if (epoch != epoch_ || step != next_step_) start(epoch, step);
        const data::Batch batch = *loader_->next();
        ++next_step_;
        if (!batch.failed.empty()) throw core::Error(batch.failed.front().second);
        std::vector<int64_t> labels;
        for (const int64_t position : batch.positions) labels.push_back(sample_at(position).label);
        return {normalise(batch.images.to(context_.device), context_.architecture.preprocessing),
                at::tensor(labels, at::kLong).to(context_.device)};
    }

  private:
    /// Position counts from the first sample of the step that the loader started with.
    size_t index_at(int64_t position) const { return static_cast<size_t>(order_[static_cast<size_t>(first_ + position)]); }
    const data::Sample& sample_at(int64_t position) const { return images_.samples[index_at(position)]; }

    void start(int64_t epoch, int64_t step) {
        loader_.reset();
        const auto seed = static_cast<uint64_t>(context_.options.seed);
        order_ = core::permutation(size(), {seed, core::Purpose::kShuffle, {static_cast<uint64_t>(epoch)}});
        epoch_ = epoch;
        next_step_ = step;
        first_ = step * batch_size();
        constexpr int64_t kBatchesAhead = 2;
        loader_ = std::make_unique<data::Loader>(size() - first_, batch_size(), context_.workers, kBatchesAhead,
                                                 [this](int64_t position) { return load(position); });
    }

    at::Tensor load(int64_t position) const {
        const data::Sample& sample = sample_at(position);
        const core::Hash128 content = images_.contents[index_at(position)];
        const core::RandomStream stream(static_cast<uint64_t>(context_.options.seed), core::Purpose::kAugment,
                                        {static_cast<uint64_t>(epoch_), content.high, content.low});
        const at::Tensor image =
            data::decode_image(core::read_file(sample.path), sample.path, context_.options.data.max_pixels);
        return data::augment(image, context_.architecture.preprocessing,
                             {.min_area = context_.options.features.min_area}, stream);
    }

    const RunContext& context_;
    const UsableImages& images_;
    std::vector<int64_t> order_;
    int64_t epoch_ = -1;
    int64_t next_step_ = 0;
    int64_t first_ = 0;
    std::unique_ptr<data::Loader> loader_;
};

/// The modules that model.freeze names.
std::vector<std::shared_ptr<torch::nn::Module>> frozen_modules(models::Backbone& network,
                                                               const core::config::Strings& names) {
    std::vector<std::shared_ptr<torch::nn::Module>> modules;
    std::vector<core::Problem> problems;
    const auto known = network.named_modules("", /*include_self=*/false);
    for (const std::string& name : names) {
        if (name == "none") continue;
        if (const auto* module = known.find(name)) {
            modules.push_back(*module);
        } else {
            problems.push_back({.what = "model.freeze: no module '" + name + "' in this network",
                                .where = "config",
                                .remedy = core::did_you_mean(name, known.keys())});
        }
    }
    if (!problems.empty()) throw core::Error(std::move(problems));
    return modules;
}

class FineTuning final : public Method {
  public:
    explicit FineTuning(const RunContext& context)
        : context_(context), frozen_(frozen_modules(context.network, context.options.model.freeze)) {
        for (const auto& module : frozen_) {
            for (at::Tensor& parameter : module->parameters()) parameter.requires_grad_(false);
        }
    }

    core::Hash128 identity() const override {
        core::Hasher hasher;
        for (const UsableImages* split : {&context_.images.train, &context_.images.val}) {
            for (size_t i = 0; i < split->samples.size(); ++i) {
                hasher.add(&split->contents[i], sizeof split->contents[i]);
                hasher.add(&split->samples[i].label, sizeof split->samples[i].label);
            }
        }
        return hasher.digest();
    }

    TrainingState train(TrainingState state, const SaveState& save) override {
        const Options& options = context_.options;
        models::Backbone& network = context_.network;
        network.to(context_.device);
        ImageBatches batches(context_);
        Task task{.module = &network,
                  .logits =
                      [&](const at::Tensor& x) {
                          enter_training();
                          return network.forward(x);
                      },
                  .batches = &batches,
                  .validate = {}};
        if (!context_.images.val.samples.empty()) {
            task.validate = [&] {
                return evaluation::measure(logits(context_.images.val),
                                           evaluation::labels_of(context_.images.val.samples));
            };
        }
        TrainingState trained =
            training::train(task, {options.train, options.optimizer, options.scheduler}, std::move(state), save);
        network.eval();
        network.to(c10::kCPU);
        return trained;
    }

    void install(const models::StateDict& weights) override {
        models::load_state_dict(context_.network, weights, {.source = "the trained network", .classifier_name = ""});
    }

    at::Tensor logits(const UsableImages& split) override {
        const c10::NoGradGuard no_grad;
        const FeatureExtractor extractor(context_.architecture, context_.network, extractor_settings(context_));
        const Features features = extractor.extract("evaluate", split.samples, split.contents, {}, nullptr);
        if (!features.failed.empty()) throw core::Error(features.failed.front().second);
        return context_.network.classify(features.x.select(1, 0).to(context_.network.classifier()->weight.device()));
    }

  private:
    /// A frozen module's batch norm stays in evaluation mode: in training mode its statistics would drift.
    void enter_training() {
        if (!context_.network.is_training()) context_.network.train();
        for (const auto& module : frozen_) module->eval();
    }

    const RunContext context_;
    std::vector<std::shared_ptr<torch::nn::Module>> frozen_;
};

}  // namespace

std::unique_ptr<Method> make_fine_tuning(const RunContext& context) { return std::make_unique<FineTuning>(context); }

}  // namespace kaziranga::training
