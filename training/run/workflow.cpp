#include "training/run/workflow.hpp"

#include "core/config/config.hpp"
#include "core/device.hpp"
#include "core/files.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "core/threads.hpp"
#include "data/manifests/load.hpp"
#include "data/torn_groups.hpp"
#include "data/wording.hpp"
#include "evaluation/records.hpp"
#include "models/pretrained.hpp"
#include "training/run/checkpoint.hpp"
#include "training/run/judged_records.hpp"
#include "training/run/method.hpp"
#include "training/run/requirements.hpp"
#include "training/run/tuning.hpp"

#include <algorithm>
#include <chrono>
#include <map>

#include <fmt/format.h>

namespace kaziranga::training {
namespace {

using core::config::Include;

/// Seconds of each phase of a run.
class Stopwatch {
  public:
    void lap(const std::string& phase) {
        const auto now = Clock::now();
        laps_.emplace_back(phase, std::chrono::duration<double>(now - last_).count());
        last_ = now;
    }
    double of(const std::string& phase) const {
        const auto found = std::ranges::find(laps_, phase, &std::pair<std::string, double>::first);
        return found == laps_.end() ? 0 : found->second;
    }
    std::vector<std::pair<std::string, double>> laps_and_total() const {
        auto all = laps_;
        all.emplace_back("total", std::chrono::duration<double>(last_ - start_).count());
        return all;
    }

  private:
    using Clock = std::chrono::steady_clock;
    Clock::time_point start_ = Clock::now();
    Clock::time_point last_ = start_;
    std::vector<std::pair<std::string, double>> laps_;
};

std::string lines(const std::vector<std::string>& items) {
    return core::join(items, "\n") + "\n";
}

std::string skipped_csv(const std::vector<core::Problem>& skipped) {
    std::string csv = "path,reason\n";
    for (const core::Problem& problem : skipped) {
        csv += core::csv_field(core::printable(problem.where)) + "," + core::csv_field(core::printable(problem.what)) +
               "\n";
    }
    return csv;
}

/// One run, phase by phase.
class Run {
  public:
    explicit Run(const Options& options)
        : options_(options), opened_(options), folder_(opened_.folder()), log_(folder_.log()) {}

    RunResult go() {
        const c10::Device device = core::resolve_device(options_.device);
        const int64_t threads = core::use_threads(options_.threads);
        core::log().info("run: {} on {} with {} threads, seed {}", options_.output, device.str(), threads,
                         options_.seed);
        if (!options_.tune.grid.empty()) choose();
        find_images();
        load();
        const auto method = make_method(device);
        method->prepare();
        refuse(problems_of_images(options_, classes_, images_.train.samples, images_.val.samples));
        watch_.lap("features");
        train(*method);
        return finish(*method);
    }

  private:
    /// Tunes, and continues with a config that has the best values of tune.grid.
    void choose() {
        const Tuned tuned = tune(options_, folder_.trials(), [](const Options& trial) { run_training(trial); });
        core::write_file(folder_.tuning(), tuning_csv(tuned.trials));
        core::log().info("tune: the best of {} settings is {}", tuned.trials.size(),
                         core::printable(core::join(chosen(tuned.trials), " ")));
        options_ = tuned.options;
        watch_.lap("tune");
    }

    void find_images() {
        data::Dataset dataset = data::load_dataset(options_.data, static_cast<uint64_t>(options_.seed));
        classes_ = dataset.classes;
        refuse(problems_of_classes(options_, classes_));
        if (!dataset.read_as.empty()) core::log().info("data: {}: {}", options_.data.place(), dataset.read_as);
        for (const core::Problem& warning : dataset.warnings) core::log().warn("data: {}", core::to_line(warning));
        core::write_file(folder_.classes(), lines(classes_));
        sieve_.set_aside(dataset.unusable);
        images_.train = sieve_.inspect(dataset.train);
        images_.val = sieve_.inspect(dataset.val);
        images_.test = sieve_.inspect(dataset.test);
        sieve_.settle();
        refuse(problems_of_images(options_, classes_, images_.train.samples, images_.val.samples));
        for (const core::Problem& warning : data::warnings_of_copies(images_, classes_, dataset.root)) {
            core::log().warn("data: {}", core::to_line(warning));
        }
        if (const auto torn = data::warning_of_torn_groups(images_, options_.data)) {
            core::log().warn("data: {}", core::to_line(*torn));
            facts_["torn_groups"] = torn->what;
        }
        core::log().info("data: {}, {} train, {} val, {} test images", data::counted(classes_.size(), "class"),
                         images_.train.samples.size(), images_.val.samples.size(), images_.test.samples.size());
        watch_.lap("scan");
    }

    void load() {
        architecture_ = &models::find_architecture(options_.model.name);
        models::LoadedNetwork loaded = models::load_network(options_.model, static_cast<int64_t>(classes_.size()),
                                                            static_cast<uint64_t>(options_.seed));
        refuse(problems_of_network(options_, loaded));
        network_ = std::move(loaded.network);
        source_ = loaded.source;
        if (options_.head.takes(InputKind::kStages)) network_->give(models::FeatureSet::kAllStages);
        result_.backbone_before = hash_backbone(*network_).hex();
        core::log().info("backbone: {}, {} features, hash {}", options_.model.name, network_->feature_dim(),
                         result_.backbone_before);
        watch_.lap("load");
    }

    std::unique_ptr<Method> make_method(c10::Device device) {
        const RunContext context{.options = options_,
                                 .architecture = *architecture_,
                                 .network = *network_,
                                 .source = source_,
                                 .images = images_,
                                 .sieve = sieve_,
                                 .classes = classes_,
                                 .folder = folder_,
                                 .device = device};
        return options_.model.frozen_backbone() ? make_head_training(context) : make_fine_tuning(context);
    }

    /// A hash of config, classes and everything that the method depends on; a saved state must agree with it.
    core::Hash128 identity(const Method& method) const {
        core::Hasher hasher;
        hasher.add_text(core::config::to_yaml(options_, Include::kWithoutTransient));
        for (const std::string& name : classes_) hasher.add_text(name);
        hasher.add_text(result_.backbone_before);
        const core::Hash128 of_method = method.identity();
        hasher.add(&of_method, sizeof of_method);
        return hasher.digest();
    }

    void train(Method& method) {
        const core::Hash128 run_identity = identity(method);
        TrainingState state{.features_seconds = watch_.of("features")};
        if (options_.resume) {
            refuse(problems_of_resumed_images(folder_, images_, classes_));
            if (auto saved = load_state(folder_.state(), run_identity)) {
                core::log().info("resume: after epoch {}, step {}", saved->epoch, saved->step);
                state = std::move(*saved);
            }
        }
        core::write_file(folder_.splits(), splits_csv(images_, classes_));
        state = method.train(std::move(state), [&](const TrainingState& now) {
            save_state(folder_.state(), now, run_identity);
            core::write_file(folder_.results(), results_csv(now.rows));
        });
        watch_.lap("train");
        from_nothing_ = state.features_seconds + state.seconds;
        core::write_file(folder_.results(), results_csv(state.rows));
        save_weights(method, state);
    }

    void save_weights(Method& method, const TrainingState& state) {
        result_.epochs = state.epoch;
        result_.best_epoch = state.best.empty() ? state.epoch : state.best_epoch;
        method.install(state.last());
        save_checkpoint(folder_.last(), *network_, describe(state.epoch));
        if (!state.best.empty()) method.install(state.best);
        result_.backbone_after = hash_backbone(*network_).hex();
        TORCH_CHECK(!options_.model.frozen_backbone() || result_.backbone_after == result_.backbone_before,
                    "the frozen backbone has changed");
        save_checkpoint(folder_.best(), *network_, describe(result_.best_epoch));
        watch_.lap("save");
    }

    core::Preprocessing preprocessing() const { return resolve_preprocessing(*architecture_, options_.data); }

    CheckpointInfo describe(int64_t epoch) const {
        return {.architecture = options_.model.name,
                .preprocessing = preprocessing(),
                .classes = classes_,
                .test_views = options_.features.test_views,
                .head = core::config::word_of(options_.head.type),
                .head_spec = network_->head()->spec(),
                .config = core::config::to_yaml(options_, Include::kPortable),
                .backbone_hash = hash_backbone(*network_).hex(),
                .head_hash = hash_head(*network_).hex(),
                .epoch = epoch};
    }

    RunResult finish(Method& method) {
        for (const data::Split split : {data::Split::kTrain, data::Split::kVal, data::Split::kTest}) {
            const data::Samples& samples = images_.of(split).samples;
            if (samples.empty()) continue;
            const at::Tensor logits = method.logits(split);
            result_.splits[core::config::word_of(split)] = measure(logits, samples);
            if (split != data::Split::kTrain)
                write_judged_records(folder_, logits, samples, classes_);  // of test, or of val without test
        }
        watch_.lap("evaluate");
        result_.seconds = watch_.laps_and_total();
        result_.skipped = sieve_.skipped();
        result_.classes = static_cast<int64_t>(classes_.size());
        result_.preprocessing = preprocessing();
        result_.peer = peer_of(*architecture_, network_->head()->spec());
        if (!result_.skipped.empty()) core::write_file(folder_.skipped(), skipped_csv(result_.skipped));
        auto seconds = result_.seconds;
        seconds.emplace_back("from_nothing", from_nothing_);
        facts_["backbone_before"] = result_.backbone_before;
        facts_["backbone_after"] = result_.backbone_after;
        core::write_file(folder_.metrics(), evaluation::metrics_json(result_.splits, seconds, facts_));
        result_.folder = opened_.finish();
        return result_;
    }

    static evaluation::Metrics measure(const at::Tensor& logits, const data::Samples& samples) {
        return evaluation::measure(logits, evaluation::labels_of(samples));
    }

    Options options_;  ///< as given, then with the chosen values
    OpenedRun opened_;
    RunFolder folder_;  ///< the folder in which the run is made
    core::LogFile log_;
    Stopwatch watch_;
    std::map<std::string, std::string> facts_;  ///< of metrics.json
    double from_nothing_ = 0;                   ///< seconds of features and training, including earlier sessions
    ImageSieve sieve_{options_.data.on_error,
                      options_.model.frozen_backbone() ? data::Depth::kStructure : data::Depth::kDecode,
                      options_.data.max_pixels, options_.data.workers};
    std::vector<std::string> classes_;
    RunImages images_;
    const models::Architecture* architecture_ = nullptr;
    std::shared_ptr<models::Backbone> network_;
    models::SourceLayer source_;
    RunResult result_;
};

}  // namespace

RunResult run_training(const Options& options) {
    refuse(problems_of_options(options));
    return Run(options).go();
}

}  // namespace kaziranga::training
