#include "studies/reproduce/runs.hpp"

#include "core/error.hpp"
#include "core/files.hpp"
#include "data/csv_table.hpp"
#include "evaluation/read_records.hpp"
#include "training/run/run_folder.hpp"
#include "training/run/run_pool.hpp"
#include "training/run/tuning.hpp"
#include "training/sweep/tables.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>

namespace kaziranga::studies {
namespace {

namespace fs = std::filesystem;
using training::Options;
using training::RunStatus;

/// Prevents the loss of hours of work by a mistyped number.
/// @throws core::Error when the folder holds a finished training of another config, with each difference
void require_no_other(const Options& options) {
    const training::RunFolder folder{options.output};
    if (training::run_status(options) != RunStatus::kOther || !fs::exists(folder.metrics())) return;
    training::require_same_config(folder, options,
                                  "name another output, or remove the source's folder to have it trained anew");
}

/// Reads the curve of the measured epochs from results.csv.
Curve read_curve(const training::RunFolder& folder) {
    const data::CsvTable csv = data::parse_csv(core::read_file(folder.results()));
    Curve curve;
    const std::pair<const char*, std::vector<double> Curve::*> columns[] = {{"epoch", &Curve::epochs},
                                                                            {"train/accuracy_top1", &Curve::train},
                                                                            {"test/accuracy_top1", &Curve::test},
                                                                            {"train/measured_loss", &Curve::train_loss},
                                                                            {"test/measured_loss", &Curve::test_loss}};
    const std::vector<std::string>& heading = csv.records.front().fields;
    for (size_t line = 1; line < csv.records.size(); ++line) {
        const std::vector<std::string>& fields = csv.records[line].fields;
        if (fields.size() != heading.size() || fields.back().empty()) continue;
        for (const auto& [name, member] : columns) {
            const auto place = static_cast<size_t>(std::ranges::find(heading, name) - heading.begin());
            if (place == heading.size()) return {};  // nothing was measured
            const std::string& text = fields[place];
            double value = 0;
            std::from_chars(text.data(), text.data() + text.size(), value);
            (curve.*member).push_back(value);
        }
    }
    return curve;
}

ArmResult read_arm(const ArmRun& run) {
    const training::SweepResult result = training::read_result({.seed = run.seed, .options = run.options});
    const evaluation::RunRecord& record = result.record;
    ArmResult arm{.run = run, .top1 = result.metrics.top1};
    const auto seconds = record.phases.find("from_nothing");
    if (seconds != record.phases.end()) arm.seconds = seconds->second;
    if (record.splits.contains("train")) arm.train_top1 = record.splits.at("train").top1;
    arm.hits.assign(result.hits.begin(), result.hits.end());
    arm.images = result.judged;
    arm.curve = read_curve({run.options.output});
    return arm;
}

/// Throws if test images differ, because arms and seeds are compared image by image.
void require_same_images(const std::vector<ArmResult>& all) {
    std::map<double, const ArmResult*> first;
    for (const ArmResult& result : all) {
        const ArmResult* other = first.try_emplace(result.run.shift, &result).first->second;
        if (*other->images == *result.images) continue;
        throw core::Error({.what = "the seeds are judged on other images",
                           .where = result.run.options.data.place(),
                           .remedy = "give the target a test/ folder of its own"});
    }
}

/// The runs of a reproduction, in an order in which they can be trained.
class Work {
  public:
    explicit Work(const ReproduceOptions& o)
        : o_(o), arms_(arms_of(o)), jobs_(training::resolve_jobs(o.jobs, Options{}.device)) {
        if (!o.made_up_source()) all_.sources.push_back({.weights = o.source, .key = key_of(o.source)});
        for (const int64_t seed : o.sources) {
            if (!o.made_up_source()) break;
            pretrainings_.push_back(pretraining(o, seed));
            require_no_other(pretrainings_.back());
        }
    }

    Reproduction finish() {
        for (;;) {
            learn();
            std::vector<training::PooledRun> now = ready();
            if (now.empty()) break;
            training::train_all(now, jobs_);
        }
        for (ArmRun& run : plan()) all_.results.push_back(read_arm(run));
        require_same_images(all_.results);
        return std::move(all_);
    }

  private:
    static std::string key_of(const std::string& weights) {
        return weights == "pretrained" ? "published" : short_hash(core::read_file(weights));
    }

    /// Reads the finished results that other runs wait for: sources and settings.
    void learn() {
        if (all_.sources.empty() && std::ranges::all_of(pretrainings_, is_finished)) {
            for (const Options& options : pretrainings_) {
                const training::RunFolder run{options.output};
                const auto record = evaluation::parse_metrics(core::read_file(run.metrics()), run.metrics().string());
                const std::string weights = run.last().string();
                Source source{.weights = weights, .key = key_of(weights), .seconds = record.seconds};
                if (record.splits.contains("val")) source.top1 = record.splits.at("val").top1;
                all_.sources.push_back(std::move(source));
            }
        }
        for (const Arm& arm : arms_) {
            if (arm.settings_of != arm.name || all_.settings.contains(arm.name) || !has_source(arm)) continue;
            const ArmRun run = leader(arm);
            if (run.options.tune.grid.empty()) {
                all_.settings[arm.name] = {};
            } else if (is_finished(run.options)) {
                const fs::path file = training::RunFolder{run.options.output}.tuning();
                const auto trials = training::parse_tuning(core::read_file(file), file.string());
                all_.settings[arm.name] = {training::chosen(trials), trials.size(), training::seconds_of(trials)};
            }
        }
    }

    static bool is_finished(const Options& options) { return training::run_status(options) == RunStatus::kFinished; }
    bool has_source(const Arm& arm) const { return !arm.of_source() || !all_.sources.empty(); }
    Source source_of(const Arm& arm, size_t index) const { return arm.of_source() ? all_.sources[index] : Source{}; }

    /// The run that chooses the settings of its arm.
    ArmRun leader(const Arm& arm) const {
        ArmRun run{.arm = arm.name, .shift = o_.shifts.front(), .shots = o_.shots.back(), .seed = o_.seeds.front()};
        resolve(o_, arm, source_of(arm, 0), nullptr, run);
        return run;
    }

    void add(std::vector<ArmRun>& runs, const Arm& arm, size_t source, double shift, int64_t shots,
             int64_t seed) const {
        const auto settings = all_.settings.find(arm.settings_of);
        const bool leads = arm.settings_of == arm.name && source == 0 && shift == o_.shifts.front() &&
                           shots == o_.shots.back() && seed == o_.seeds.front();
        if (leads) return runs.push_back(leader(arm));
        if (settings == all_.settings.end()) return;
        ArmRun run{.arm = arm.name, .source = source, .shift = shift, .shots = shots, .seed = seed};
        const core::config::Strings& chosen = settings->second.chosen;
        resolve(o_, arm, source_of(arm, source), &chosen, run);
        runs.push_back(std::move(run));
    }

    /// The runs that are possible with the present results: the comparison of all arms first, then the curves over
    /// shots and shifts, which need only two arms.
    std::vector<ArmRun> plan() const {
        std::vector<ArmRun> runs;
        const auto with_sources = [&](const Arm& arm, auto each) {
            if (!has_source(arm)) return;
            for (size_t s = 0; s < (arm.of_source() ? all_.sources.size() : 1); ++s) each(s);
        };
        const double nearest = o_.shifts.front();
        for (const int64_t seed : o_.seeds) {
            for (const Arm& arm : arms_) {
                with_sources(arm, [&](size_t s) { add(runs, arm, s, nearest, o_.shots.back(), seed); });
            }
        }
        for (const Arm& arm : arms_) {
            if (arm.name != kFrozen && arm.name != kScratch) continue;
            with_sources(arm, [&](size_t s) {
                for (const int64_t seed : o_.curve_seeds) {
                    for (size_t i = 0; i + 1 < o_.shots.size(); ++i) add(runs, arm, s, nearest, o_.shots[i], seed);
                    if (!o_.made_up_target()) continue;
                    for (size_t i = 1; i < o_.shifts.size(); ++i)
                        add(runs, arm, s, o_.shifts[i], o_.shots.back(), seed);
                }
            });
        }
        return runs;
    }

    std::vector<training::PooledRun> ready() const {
        std::vector<training::PooledRun> runs;
        for (size_t i = 0; i < pretrainings_.size(); ++i) {
            queue(runs, pretrainings_[i], fmt::format("the source, seed {}", o_.sources[i]));
        }
        for (const ArmRun& run : plan()) {
            queue(runs, run.options,
                  fmt::format("{}, source {}, shift {:g}, {} shots, seed {}", run.arm, run.source, run.shift, run.shots,
                              run.seed));
        }
        return runs;
    }

    /// Adds the run if it is not finished. If it is trained again, its features are timed again too.
    static void queue(std::vector<training::PooledRun>& runs, Options options, const std::string& called) {
        const RunStatus status = training::run_status(options);
        if (status == RunStatus::kFinished) return;
        options.overwrite = status == RunStatus::kOther;  // the config has changed
        options.resume = !options.overwrite;
        if (options.overwrite) fs::remove_all(options.features.cache);
        runs.push_back({called, std::move(options)});
    }

    const ReproduceOptions& o_;
    const std::vector<Arm> arms_;
    const int64_t jobs_;
    std::vector<Options> pretrainings_;
    Reproduction all_;
};

}  // namespace

Reproduction run_arms(const ReproduceOptions& o) {
    write_parks(o);
    return Work(o).finish();
}

}  // namespace kaziranga::studies
