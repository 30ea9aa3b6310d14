#include "studies/reproduce/arms.hpp"

#include "core/config/config.hpp"
#include "core/config/wording.hpp"
#include "core/error.hpp"
#include "core/files.hpp"
#include "core/hash.hpp"
#include "core/text.hpp"
#include "data/manifests/load.hpp"
#include "data/synthetic/park_folder.hpp"
#include "models/pretrained.hpp"
#include "models/registry.hpp"
#include "training/run/requirements.hpp"
#include "training/run/workflow.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace kaziranga::studies {
namespace {

namespace fs = std::filesystem;
using core::config::Override;
using core::config::Strings;
using training::Options;

/// The overrides of a training with their sources; later ones take precedence.
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

/// A park's name depends on its options: a changed park has another folder, and so every run on it another config.
fs::path park_folder(const ReproduceOptions& o, const std::string& name, const data::synthetic::ParkOptions& park,
                     double shift) {
    const std::string what = fmt::format("{} {} {} {} {} {}", park.species, park.train_images, park.val_images,
                                         park.test_images, park.size, shift);
    return fs::path(o.output) / "parks" / (name + "-" + short_hash(what));
}

/// key=value with a text that may contain anything.
std::string setting(const std::string& key, const std::string& text) {
    return key + "=" + core::config::yaml_text(text);
}

Strings images_of_park(const fs::path& folder) {
    return {setting("data.root", folder.string()), "data.format=park"};
}

Strings threads_of(const ReproduceOptions& o) {
    return {fmt::format("threads={}", o.threads)};
}

/// The stages of the network that all arms train: groups of modules in order, starting at the images.
std::vector<Strings> stages(const ReproduceOptions& o) {
    const Options options = Words().say(o.set, "set").resolve();
    return models::find_architecture(options.model.name).make(1)->layer_groups();
}

std::vector<std::pair<std::string, Strings>> named_arms(const ArmOptions& arms) {
    return {{kScratch, arms.scratch},
            {kRandomFeatures, arms.random_features},
            {kFrozen, arms.frozen},
            {kFineTuned, arms.fine_tuned},
            {kLpFt, arms.lp_ft}};
}

/// Finds keys of a training that the reproduction sets itself, so that they are not silently ignored.
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
    for (const auto& [name, overrides] : named_arms(o.arms)) look("arms." + name, overrides, of_arms);
    return problems;
}

/// Checks before hours of pretraining that the images of the target exist.
void require_target(const ReproduceOptions& o) {
    std::error_code code;
    if (!fs::exists(o.target, code)) {
        throw core::Error({.what = "the target is not there",
                           .where = "target",
                           .expected = "kaziranga, or labelled images as data.root takes them",
                           .found = "'" + o.target + "'",
                           .remedy = "set target to where they are"});
    }
    ArmRun run{.arm = kFrozen, .shift = o.shifts.front(), .shots = o.shots.back(), .seed = o.seeds.front()};
    resolve(o, {.name = kFrozen, .overrides = o.arms.frozen, .settings_of = kFrozen}, {.weights = "pretrained"},
            nullptr, run);
    data::require_all_there(data::read_manifest(run.options.data));
}

/// Checks that the weights of a source that is not made up exist.
void require_source(const ReproduceOptions& o) {
    const Options options = Words().say(o.set, "set").resolve();
    std::error_code code;
    if (o.source != "pretrained" && !fs::exists(o.source, code)) {
        throw core::Error({.what = "the source's weights are not there",
                           .where = "source",
                           .expected = "olympic, pretrained, or a file of weights",
                           .found = "'" + o.source + "'",
                           .remedy = "set source to where they are"});
    }
    models::weights_file({.name = options.model.name, .weights = o.source});
}

void write_park(const fs::path& folder, data::synthetic::ParkOptions park, double shift) {
    core::make_folders(folder);
    park.shift = shift;
    core::write_file(folder / data::synthetic::kRecordName,
                     data::synthetic::to_json(data::synthetic::record_of(park, 0)));
}

}  // namespace

std::string short_hash(const std::string& bytes) {
    constexpr size_t kDigits = 8;
    return core::hash_bytes(bytes).hex().substr(0, kDigits);
}

bool Arm::of_source() const {
    return std::ranges::count(overrides, "model.weights=random") == 0;
}

std::vector<Arm> arms_of(const ReproduceOptions& o) {
    std::vector<Arm> arms;
    for (const auto& [name, overrides] : named_arms(o.arms)) {
        if (name == kFineTuned && o.freeze_depths) {
            Strings frozen;
            const std::vector<Strings> groups = stages(o);
            for (size_t k = 1; k < groups.size(); ++k) {
                frozen.insert(frozen.end(), groups[k - 1].begin(), groups[k - 1].end());
                arms.push_back({.name = fmt::format("freeze_{}", k),
                                .overrides = o.arms.fine_tuned,
                                .freezes = {"model.freeze=[" + core::join(frozen, ", ") + "]"},
                                .settings_of = kFineTuned});
            }
            std::ranges::reverse(arms.end() - static_cast<std::ptrdiff_t>(groups.size() - 1), arms.end());
        }
        arms.push_back({.name = name, .overrides = overrides, .settings_of = name});
    }
    return arms;
}

int64_t stages_of(const ReproduceOptions& o) {
    return static_cast<int64_t>(stages(o).size());
}

Options pretraining(const ReproduceOptions& o, int64_t seed) {
    Options options = Words()
                          .say(threads_of(o), "threads")
                          .say(o.set, "set")
                          .say(o.pretrain, "pretrain")
                          .say(images_of_park(olympic_folder(o)), "reproduce")
                          .say({fmt::format("seed={}", seed)}, "sources")
                          .resolve();
    const std::string name = fmt::format("seed_{}", seed);
    options.output = (fs::path(o.output) / "source" / name).string();
    options.features.cache = (fs::path(o.output) / "features" / "source" / name).string();
    training::refuse(training::problems_of_options(options));
    return options;
}

void resolve(const ReproduceOptions& o, const Arm& arm, const Source& source, const Strings* settings, ArmRun& run) {
    Strings own =
        o.made_up_target() ? images_of_park(kaziranga_folder(o, run.shift)) : Strings{setting("data.root", o.target)};
    own.push_back(fmt::format("data.shots={}", run.shots));
    own.push_back(fmt::format("seed={}", run.seed));
    const bool compared = run.shift == o.shifts.front() && run.shots == o.shots.back();
    if (compared && o.measured_epochs > 0) {
        own.push_back("train.measure=[train, test]");
        own.push_back(fmt::format("train.measured_epochs={}", o.measured_epochs));
    }
    Words said;
    said.say(threads_of(o), "threads")
        .say({setting("model.weights", source.weights)}, "source")
        .say(o.set, "set")
        .say(arm.overrides, "arms." + arm.settings_of)
        .say(arm.freezes, "freeze_depths");
    if (settings != nullptr) said.say(*settings, "settings of " + arm.settings_of);
    run.options = said.say(own, "reproduce").resolve();
    if (settings != nullptr) run.options.tune.grid.clear();
    const std::string key = arm.of_source() ? source.key : Source{}.key;
    const fs::path place = fs::path(key) / arm.name / fmt::format("shift_{}", run.shift) /
                           fmt::format("shots_{}", run.shots) / fmt::format("seed_{}", run.seed);
    // The path contains the weights that the arms start from, so that arms of another source are not mistaken for
    // these. Each run has its own features, so that no arm uses features that another arm spent the time on.
    run.options.output = (fs::path(o.output) / "arms" / place).string();
    run.options.features.cache = (fs::path(o.output) / "features" / place).string();
    training::refuse(training::problems_of_options(run.options));
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
    if (o.made_up_source()) {
        look([&] { pretraining(o, o.sources.front()); });
    } else {
        look([&] { require_source(o); });
    }
    const Source any{.weights = "pretrained"};
    std::vector<Arm> arms;
    look([&] { arms = arms_of(o); });
    for (const Arm& arm : arms) {
        ArmRun run{.arm = arm.name, .shift = o.shifts.front(), .shots = o.shots.back()};
        look([&] { resolve(o, arm, any, nullptr, run); });
    }
    if (!o.made_up_target()) look([&] { require_target(o); });
    if (!problems.empty()) throw core::Error(std::move(problems));
}

void write_parks(const ReproduceOptions& o) {
    if (o.made_up_source()) write_park(olympic_folder(o), o.olympic, 0);
    if (!o.made_up_target()) return;
    for (const double shift : o.shifts) write_park(kaziranga_folder(o, shift), o.kaziranga, shift);
}

}  // namespace kaziranga::studies
