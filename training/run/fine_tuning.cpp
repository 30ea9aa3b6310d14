#include "core/device_work.hpp"
#include "core/log.hpp"
#include "core/random.hpp"
#include "data/augment/augment.hpp"
#include "data/augment/mix.hpp"
#include "data/balance.hpp"
#include "data/loader.hpp"
#include "data/read_image.hpp"
#include "evaluation/records.hpp"
#include "models/head_forms.hpp"
#include "training/heads/new_head.hpp"
#include "training/loop/unfreezing.hpp"
#include "training/loop/weight_average.hpp"
#include "training/run/method.hpp"

#include <algorithm>
#include <chrono>

#include <ATen/ops/one_hot.h>
#include <ATen/ops/tensor.h>
#include <c10/core/GradMode.h>

namespace kaziranga::training {
namespace {

/// Batches of randomly augmented images, decoded ahead of their use.
class ImageBatches final : public Batches {
  public:
    explicit ImageBatches(const RunContext& context)
        : context_(context),
          images_(context.images.train),
          labels_(evaluation::labels_of(images_.samples)),
          preprocessing_(resolve_preprocessing(context.architecture, context.options.data)),
          input_(preprocessing_, resolve_precision(context.options.train.precision, context.device), context.device),
          drawn_(std::filesystem::exists(context.folder.train_batch())) {
        const auto& size = context.options.train.image_size;
        if (!size.is_auto()) preprocessing_.crop = *size.value;
    }

    int64_t size() const override { return labels_.size(0); }
    int64_t batch_size() const override { return std::min(context_.options.train.batch_size, size()); }

    TrainingBatch get(int64_t epoch, int64_t number) override {
        if (epoch != epoch_ || number != next_) start(epoch, number);
        const data::Batch batch = *loader_->next();
        ++next_;
        if (!batch.failed.empty()) throw core::Error(batch.failed.front().second);
        std::vector<int64_t> labels;
        for (const int64_t position : batch.positions) labels.push_back(sample_at(first_ + position).label);
        if (!drawn_) draw_train_batch(context_, batch.images, labels);
        drawn_ = true;
        return input(batch.images, at::tensor(labels, at::kLong), epoch, number);
    }

    std::vector<std::string> names(int64_t epoch, int64_t number) const override {
        TORCH_CHECK(epoch == epoch_, "names are those of batches of the present epoch");
        std::vector<std::string> names;
        const int64_t end = std::min((number + 1) * batch_size(), size());
        for (int64_t i = number * batch_size(); i < end; ++i) names.push_back(sample_at(i).name);
        return names;
    }

  private:
    size_t index_at(int64_t place) const { return static_cast<size_t>(order_[static_cast<size_t>(place)]); }
    const data::Sample& sample_at(int64_t place) const { return images_.samples[index_at(place)]; }
    uint64_t seed() const { return static_cast<uint64_t>(context_.options.seed); }

    TrainingBatch input(const at::Tensor& images, const at::Tensor& labels, int64_t epoch, int64_t number) const {
        at::Tensor x = input_.normalise(images.to(context_.device, images.scalar_type(), /*non_blocking=*/true));
        at::Tensor y = labels.to(context_.device, labels.scalar_type(), /*non_blocking=*/true);
        const data::AugmentOptions& augment = context_.options.augment;
        if (augment.mixup > 0 || augment.cutmix > 0) {
            const core::RandomStream stream(seed(), core::Purpose::kMix,
                                            {static_cast<uint64_t>(epoch), static_cast<uint64_t>(number)});
            const data::MixedBatch mixed =
                data::mix(x, at::one_hot(y, context_.network.num_classes()).to(at::kFloat), augment, stream);
            x = mixed.images;
            y = mixed.targets;
        }
        return {input_.to_precision(x).contiguous(at::MemoryFormat::ChannelsLast), y};
    }

    void start(int64_t epoch, int64_t number) {
        loader_.reset();
        order_ = data::epoch_order(labels_, context_.options.balance.sampling, seed(), epoch);
        epoch_ = epoch;
        next_ = number;
        first_ = number * batch_size();
        constexpr int64_t kBatchesAhead = 2;
        loader_ = std::make_unique<data::Loader>(
            size() - first_, batch_size(), context_.options.data.workers, kBatchesAhead,
            [this](int64_t position) { return load(first_ + position); },
            core::host_memory(context_.device, at::kByte));
    }

    /// The augmentation of an image depends on the epoch and on its position in the epoch, because balanced sampling
    /// shows an image repeatedly.
    at::Tensor load(int64_t place) const {
        const core::RandomStream stream(seed(), core::Purpose::kAugment,
                                        {static_cast<uint64_t>(epoch_), static_cast<uint64_t>(place)});
        const at::Tensor image =
            data::read_image(sample_at(place), data::limits_for(preprocessing_, context_.options.data.max_pixels),
                             &images_.contents[index_at(place)]);
        return data::augment(image, preprocessing_, context_.options.augment, stream);
    }

    const RunContext& context_;
    const UsableImages& images_;
    at::Tensor labels_;  ///< [N]
    core::Preprocessing preprocessing_;
    ImageInput input_;
    bool drawn_;                  ///< the run folder already shows a batch, perhaps from an earlier session
    std::vector<int64_t> order_;  ///< of the current epoch
    int64_t epoch_ = -1;
    int64_t next_ = 0;   ///< batch that the loader hands out next
    int64_t first_ = 0;  ///< position in the epoch at which the loader began
    std::unique_ptr<data::Loader> loader_;
};

class FineTuning final : public Method {
  public:
    explicit FineTuning(const RunContext& context) : context_(context) {
        unfreezing();  // refuses unknown names before hours of work
    }

    void prepare() override {
        if (!context_.options.head.solved()) return;
        const FeatureExtractor extractor(context_.architecture, context_.network, extractor_settings(context_));
        FeatureCache cache(context_.options.features.cache, extractor.kind(), extractor.feature_dim());
        start_ = extract_split(context_, extractor, "features train", context_.images.train,
                               views_to_fit(context_).views, cache);
        context_.sieve.settle();
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
        start_head(state);
        network.to(context_.device);
        use_channels_last(network);
        ImageBatches batches(context_);
        const Unfreezing epochs = unfreezing();
        const bool train_statistics = options.model.batch_norm == models::BatchNormStatistics::kTrain;
        Task task{.module = &network,
                  .parameters = parameters_of(network, epochs.ever_trained(), options.optimizer, options.train.l2_sp),
                  .logits = [&](const at::Tensor& x) { return network.classify(network.features(x).to(at::kFloat)); },
                  .batches = &batches,
                  .enter_epoch = [&](int64_t epoch) { epochs.enter(epoch, train_statistics); }};
        balance_loss(task, options.balance, evaluation::labels_of(context_.images.train.samples), network.num_classes(),
                     context_.device);
        const auto measured = [this](data::Split split) {
            return [this, split] {
                return evaluation::measure(logits(split), evaluation::labels_of(context_.images.of(split).samples));
            };
        };
        if (!context_.images.val.samples.empty()) task.validate = measured(data::Split::kVal);
        for (const data::Split split : options.train.measure) {
            if (!context_.images.of(split).samples.empty())
                task.measured.emplace_back(core::config::word_of(split), measured(split));
        }
        if (task.validate && state.weights.empty() && options.head.solved()) {
            const evaluation::Metrics start = task.validate();
            core::log().info("head: training starts at val top-1 {:.2f} %", start.top1);
            state.best_top1 = start.top1;
            state.best_loss = start.loss;
            state.best = copy_of(network);
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

    at::Tensor logits(data::Split split) override {
        const FeatureExtractor extractor(context_.architecture, context_.network, extractor_settings(context_));
        std::vector<ViewKind> kinds = context_.options.features.test_views;
        if (split == data::Split::kTrain) kinds.resize(1);  // only for comparison, not worth several passes
        const UsableImages& images = context_.images.of(split);
        const Features features =
            extractor.extract("evaluate", images.samples, images.contents, views_of(kinds), nullptr);
        if (!features.failed.empty()) throw core::Error(features.failed.front().second);
        return models::mean_logits(*context_.network.head(), features.x);
    }

  private:
    /// The unfreezing of the network with its current head.
    Unfreezing unfreezing() const {
        return Unfreezing(context_.network, context_.options.model.freeze, context_.options.train.unfreeze);
    }

    /// Puts the head that training starts from into the network. A resumed run gets a head of the same kind.
    void start_head(TrainingState& state) {
        models::Backbone& network = context_.network;
        if (state.weights.empty()) {
            const HeadOptions& head = context_.options.head;
            const auto seed = static_cast<uint64_t>(context_.options.seed);
            const auto start = std::chrono::steady_clock::now();
            network.set_head(head.solved() ? find_head(context_, start_) : new_head(head, network.linear_spec(), seed));
            state.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
            state.head = network.head()->spec();
        } else {
            network.set_head(models::make_head(state.head));
        }
    }

    const RunContext context_;
    SplitFeatures start_;  ///< of the backbone before training, for a solved head; else empty
};

}  // namespace

std::unique_ptr<Method> make_fine_tuning(const RunContext& context) {
    return std::make_unique<FineTuning>(context);
}

}  // namespace kaziranga::training
