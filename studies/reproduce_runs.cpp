#include "studies/reproduce_runs.hpp"

#include "core/config/config.hpp"
#include "core/config/wording.hpp"
#include "core/error.hpp"
#include "core/files.hpp"
#include "core/hash.hpp"
#include "core/interrupt.hpp"
#include "core/log.hpp"
#include "data/csv_table.hpp"
#include "data/dataset.hpp"
#include "data/synthetic/park_folder.hpp"
#include "evaluation/read_records.hpp"
#include "training/workflow.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>

namespace kaziranga::studies {
namespace {

namespace fs = std::filesystem;
using core::config::Override;
using core::config::Strings;
using training::Options;
using training::RunStatus;

/// An arm and where the options say what it sets.
struct ArmEntry {
    Arm arm;
    const char* name;
    Strings ArmOptions::*overrides;
};

constexpr ArmEntry kEntries[] = {{Arm::kScratch, "scratch", &ArmOptions::scratch},
                                 {Arm::kFrozen, "frozen", &ArmOptions::frozen},
                                 {Arm::kFineTuned, "fine_tuned", &ArmOptions::fine_tuned},
                                 {Arm::kLpFt, "lp_ft", &ArmOptions::lp_ft}};

const ArmEntry& entry_of(Arm arm) {
    return *std::ranges::find(kEntries, arm, &ArmEntry::arm);
}

/// Where a training's words come from, later ones over earlier ones.
class Words {
  public:
    Words& say(const Strings& texts, const std::string& source) {
        for (const std::string& text : texts) overrides_.push_back({text, source});
        return *this;
    }
    Options resolve() const {
        Options options;
        core::config::read_into(core::config::group_of<Options>(), &options, "", "reproduce", overrides_);
        return options;
    }

  private:
    std::vector<Override> overrides_;
};

/// Enough of a hash to tell a handful of things apart in the name of a folder.
std::string short_hash(const std::string& bytes) {
    constexpr size_t kDigits = 8;
    return core::hash_bytes(bytes).hex().substr(0, kDigits);
}

/// A park is called by what it is: changed, it is another folder, and so another config of every run on it.
fs::path park_folder(const ReproduceOptions& o, const std::string& name, const data::synthetic::ParkOptions& park,
                     double shift) {
    const std::string what = fmt::format("{} {} {} {} {} {}", park.species, park.train_images, park.val_images,
                                         park.test_images, park.size, shift);
    return fs::path(o.output) / "parks" / (name + "-" + short_hash(what));
}

/// key=value with a text that may hold anything.
std::string setting(const std::string& key, const std::string& text) {
    return key + "=" + core::config::yaml_text(text);
}

Strings images_of_park(const fs::path& folder) {
    return {setting("data.root", folder.string()), "data.format=park"};
}

Strings threads_of(const ReproduceOptions& o) {
    return {fmt::format("threads={}", o.threads)};
}

Options pretraining(const ReproduceOptions& o) {
    Options options = Words()
                          .say(threads_of(o), "threads")
                          .say(o.set, "set")
                          .say(o.pretrain, "pretrain")
                          .say(images_of_park(olympic_folder(o)), "reproduce")
                          .resolve();
    options.output = (fs::path(o.output) / "source").string();
    options.features.cache = (fs::path(o.output) / "features" / "source").string();
    training::require_trainable(options);
    return options;
}

/// @param main  of the comparison of all arms, whose accuracy is followed by epoch
Options arm_options(const ReproduceOptions& o, const ArmRun& run, bool main, const Source& source) {
    Strings own =
        o.made_up_target() ? images_of_park(kaziranga_folder(o, run.shift)) : Strings{setting("data.root", o.target)};
    own.push_back(fmt::format("data.shots={}", run.shots));
    own.push_back(fmt::format("seed={}", run.seed));
    if (main) own.push_back("train.measure=[train, test]");
    Options options = Words()
                          .say(threads_of(o), "threads")
                          .say({setting("model.weights", source.weights)}, "source")
                          .say(o.set, "set")
                          .say(o.arms.*entry_of(run.arm).overrides, std::string("arms.") + name_of(run.arm))
                          .say(own, "reproduce")
                          .resolve();
    const fs::path place = fs::path(source.key) / name_of(run.arm) / fmt::format("shift_{}", run.shift) /
                           fmt::format("shots_{}", run.shots) / fmt::format("seed_{}", run.seed);
    // Below the weights that they start from, so that another source's arms are not taken for this one's; and with
    // features of their own, so that no arm's time is paid by another.
    options.output = (fs::path(o.output) / "arms" / place).string();
    options.features.cache = (fs::path(o.output) / "features" / place).string();
    training::require_trainable(options);
    return options;
}

/// The comparison of all arms first, then the curves over shots and shifts, which two arms are enough for.
std::vector<ArmRun> plan(const ReproduceOptions& o, const Source& source) {
    std::vector<ArmRun> runs;
    const double nearest = o.shifts.front();
    const auto add = [&](Arm arm, double shift, int64_t shots, int64_t seed, bool main) {
        ArmRun run{.arm = arm, .shift = shift, .shots = shots, .seed = seed};
        run.options = arm_options(o, run, main, source);
        runs.push_back(std::move(run));
    };
    for (const int64_t seed : o.seeds) {
        for (const Arm arm : kArms) add(arm, nearest, o.shots.back(), seed, true);
    }
    for (const Arm arm : {Arm::kFrozen, Arm::kScratch}) {
        for (const int64_t seed : o.curve_seeds) {
            for (size_t i = 0; i + 1 < o.shots.size(); ++i) add(arm, nearest, o.shots[i], seed, false);
            if (!o.made_up_target()) continue;
            for (size_t i = 1; i < o.shifts.size(); ++i) add(arm, o.shifts[i], o.shots.back(), seed, false);
        }
    }
    return runs;
}

/// Hours of work are not thrown away for a mistyped number.
/// @throws core::Error when the folder holds a finished training of another config, each difference named
void require_no_other(const Options& options) {
    const training::RunFolder folder{options.output};
    if (training::run_status(options) != RunStatus::kOther || !fs::exists(folder.metrics())) return;
    training::require_same_config(folder, options,
                                  "name another output, or remove the source's folder to have it trained anew");
}

/// Trains what the folder does not hold yet. Made anew, it is timed with its features again.
/// @param options  with a feature cache that no other run has
void train_if_needed(Options options, const std::string& called) {
    const RunStatus status = training::run_status(options);
    if (status == RunStatus::kFinished) return;
    core::throw_if_interrupted();
    core::log().info("reproduce: {}", called);
    options.overwrite = status == RunStatus::kOther;  // the config has changed
    options.resume = !options.overwrite;
    if (options.overwrite) fs::remove_all(options.features.cache);
    training::run_training(options);
}

/// What results.csv says.
struct EpochTable {
    Curve curve;                    ///< the columns that train.measure adds
    std::optional<double> seconds;  ///< of the training loop; none where there is no epoch
};

EpochTable read_epochs(const training::RunFolder& folder) {
    const data::CsvTable csv = data::parse_csv(core::read_file(folder.results()));
    EpochTable table;
    for (size_t line = 1; line < csv.records.size(); ++line) {
        const std::vector<std::string>& heading = csv.records.front().fields;
        const std::vector<std::string>& fields = csv.records[line].fields;
        for (size_t i = 0; i < std::min(heading.size(), fields.size()); ++i) {
            double value = 0;
            std::from_chars(fields[i].data(), fields[i].data() + fields[i].size(), value);
            if (heading[i] == "time") table.seconds = value;
            if (heading[i] == "train/accuracy_top1") table.curve.train.push_back(value);
            if (heading[i] == "test/accuracy_top1") table.curve.test.push_back(value);
        }
    }
    return table;
}

/// Of its features and its training; what is measured after every epoch would count against arms that train images.
double seconds_of(const evaluation::RunRecord& record, const std::optional<double>& loop) {
    const auto phase = [&](const char* name) {
        const auto found = record.phases.find(name);
        return found == record.phases.end() ? 0 : found->second;
    };
    return phase("features") + loop.value_or(phase("train"));
}

ArmResult read_arm(const ArmRun& run) {
    const training::SweepResult result = training::read_result({.seed = run.seed, .options = run.options});
    const evaluation::RunRecord& record = result.record;
    const EpochTable table = read_epochs({run.options.output});
    ArmResult arm{.run = run, .top1 = result.metrics.top1, .seconds = seconds_of(record, table.seconds)};
    if (record.splits.contains("train")) arm.train_top1 = record.splits.at("train").top1;
    arm.hits.assign(result.hits.begin(), result.hits.end());
    arm.images = result.images;
    arm.curve = table.curve;
    return arm;
}

/// Arms and seeds are compared image by image.
void require_same_images(const ArmResult& result, const std::vector<ArmResult>& all) {
    for (const ArmResult& other : all) {
        if (other.run.shift != result.run.shift || other.images == result.images) continue;
        throw core::Error({.what = "the seeds are judged on other images",
                           .where = result.run.options.data.root,
                           .remedy = "give the target a test/ folder of its own"});
    }
}

/// Keys of a training that follow from those of the reproduction, found where they would be passed over.
std::vector<core::Problem> keys_of_ours(const ReproduceOptions& o) {
    std::vector<core::Problem> problems;
    const auto look = [&](const std::string& list, const Strings& texts, const Strings& ours) {
        for (const std::string& text : texts) {
            const std::string key = text.substr(0, text.find('='));
            if (std::ranges::count(ours, key) == 0) continue;
            problems.push_back({.what = "the reproduction sets this key itself",
                                .where = list,
                                .found = key,
                                .remedy = "leave it out: output, target, source, seeds and shots decide it"});
        }
    };
    const Strings always = {"output", "data.root", "data.shots", "features.cache", "resume", "overwrite"};
    Strings of_all = always, of_arms = always;
    of_all.insert(of_all.end(), {"seed", "model.weights"});
    of_arms.push_back("seed");
    look("set", o.set, of_all);
    look("pretrain", o.pretrain, always);
    for (const ArmEntry& entry : kEntries) look(std::string("arms.") + entry.name, o.arms.*entry.overrides, of_arms);
    return problems;
}

/// Before hours of pretraining: the images to learn must be there.
void require_target(const ReproduceOptions& o) {
    std::error_code code;
    if (!fs::exists(o.target, code)) {
        throw core::Error({.what = "the target is not there",
                           .where = "target",
                           .expected = "kaziranga, or labelled images as data.root takes them",
                           .found = "'" + o.target + "'",
                           .remedy = "set target to where they are"});
    }
    const ArmRun run{.arm = Arm::kFrozen, .shift = o.shifts.front(), .shots = o.shots.back(), .seed = o.seeds.front()};
    data::read_manifest(arm_options(o, run, true, {.weights = "pretrained", .key = "none"}).data);
}

void write_park(const fs::path& folder, data::synthetic::ParkOptions park, double shift) {
    core::make_folders(folder);
    park.shift = shift;
    core::write_file(folder / data::synthetic::kRecordName,
                     data::synthetic::to_json(data::synthetic::record_of(park, 0)));
}

void write_parks(const ReproduceOptions& o) {
    if (o.made_up_source()) write_park(olympic_folder(o), o.olympic, 0);
    if (!o.made_up_target()) return;
    for (const double shift : o.shifts) write_park(kaziranga_folder(o, shift), o.kaziranga, shift);
}

}  // namespace

const char* name_of(Arm arm) {
    return entry_of(arm).name;
}

fs::path olympic_folder(const ReproduceOptions& o) {
    return park_folder(o, "olympic", o.olympic, 0);
}

fs::path kaziranga_folder(const ReproduceOptions& o, double shift) {
    return park_folder(o, fmt::format("kaziranga_shift_{}", shift), o.kaziranga, shift);
}

void check_arms(const ReproduceOptions& o) {
    std::vector<core::Problem> problems = keys_of_ours(o);
    const auto look = [&](auto resolve) {
        try {
            resolve();
        } catch (const core::Error& error) {
            for (const core::Problem& problem : error.problems()) {
                const auto same = [&](const core::Problem& p) { return core::to_line(p) == core::to_line(problem); };
                if (std::ranges::none_of(problems, same)) problems.push_back(problem);
            }
        }
    };
    if (o.made_up_source()) look([&] { pretraining(o); });
    const Source none{.weights = "pretrained", .key = "none"};
    for (const Arm arm : kArms) {
        look([&] { arm_options(o, {.arm = arm, .shift = o.shifts.front(), .shots = o.shots.back()}, true, none); });
    }
    if (!o.made_up_target()) look([&] { require_target(o); });
    if (!problems.empty()) throw core::Error(std::move(problems));
}

Reproduction run_arms(const ReproduceOptions& o) {
    write_parks(o);
    Reproduction all{.source = {.weights = o.source, .key = "published"}};
    if (o.made_up_source()) {
        const Options options = pretraining(o);
        require_no_other(options);
        train_if_needed(options, "the source, from random weights");
        const training::RunFolder run{options.output};
        const auto record = evaluation::parse_metrics(core::read_file(run.metrics()), run.metrics().string());
        all.source.weights = run.last().string();
        all.source.seconds = record.seconds;
        if (record.splits.contains("val")) all.source.top1 = record.splits.at("val").top1;
    }
    if (all.source.weights != "pretrained") all.source.key = short_hash(core::read_file(all.source.weights));
    const std::vector<ArmRun> runs = plan(o, all.source);
    for (size_t i = 0; i < runs.size(); ++i) {
        const ArmRun& run = runs[i];
        train_if_needed(run.options, fmt::format("run {} of {}: {}, shift {:g}, {} shots, seed {}", i + 1, runs.size(),
                                                 name_of(run.arm), run.shift, run.shots, run.seed));
        all.results.push_back(read_arm(run));
        require_same_images(all.results.back(), all.results);
    }
    return all;
}

}  // namespace kaziranga::studies
