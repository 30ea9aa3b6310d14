#include "app/commands/commands.hpp"
#include "app/commands/config_kinds.hpp"
#include "app/console.hpp"
#include "core/files.hpp"
#include "data/inspect.hpp"
#include "data/manifests/load.hpp"
#include "data/wording.hpp"
#include "training/run/requirements.hpp"
#include "training/run/run_folder.hpp"
#include "training/run/run_splits.hpp"

#include <fmt/format.h>

namespace kaziranga::app {
namespace {

using core::Problem;
using training::Options;

constexpr size_t kShownClasses = 8;

/// Collects everything that `train` would refuse, and prints warnings for what it would leave out.
class Check {
  public:
    explicit Check(const Options& options) : options_(options) {}

    std::vector<Problem> problems() {
        add(training::problems_of_options(options_));
        if (problems_.empty()) add(training::problems_of_output(options_));
        const bool features = options_.model.frozen_backbone() || options_.head.solved();
        if (features) attempt([&] { core::require_writable(options_.features.cache); });
        attempt([&] { look_at_data(); });
        attempt([&] { look_at_network(); });
        return std::move(problems_);
    }

  private:
    void look_at_data() {
        if (!options_.data.named()) return;
        const data::Dataset dataset = data::load_dataset(options_.data, static_cast<uint64_t>(options_.seed));
        say("{}: {}, {} train, {} val, {} test images", options_.data.place(),
            data::counted(dataset.classes.size(), "class"), dataset.train.size(), dataset.val.size(),
            dataset.test.size());
        if (!dataset.read_as.empty()) say("{}", dataset.read_as);
        say("classes: {}", data::some_of(dataset.classes, kShownClasses));
        classes_ = static_cast<int64_t>(dataset.classes.size());
        add(training::problems_of_classes(options_, dataset.classes));
        const data::CheckReport report = data::check_dataset(dataset, options_.data);
        for (const Problem& warning : report.warnings) warn(warning);
        const bool skipping = options_.data.on_error == data::ErrorPolicy::kSkip;
        if (skipping || report.errors.empty()) {
            add(training::problems_of_images(options_, dataset.classes, report.usable.train.samples,
                                             report.usable.val.samples));
        }
        if (options_.resume && (skipping || report.errors.empty())) {
            add(training::problems_of_resumed_images(training::resumed_run(options_), report.usable, dataset.classes));
        }
        if (report.errors.empty()) {
            say("{} images read, all sound; {} warning(s)", report.images, report.warnings.size());
        } else if (skipping) {
            for (const Problem& error : report.errors) warn(error);
            say("{} of {} images cannot be used; training leaves them out, as data.on_error says", report.errors.size(),
                report.images);
        } else {
            add(report.errors);
            add({{.what = fmt::format("{} of {} images cannot be used", report.errors.size(), report.images),
                  .remedy = "mend or remove them, or train without them with data.on_error=skip"}});
        }
    }

    void look_at_network() {
        if (options_.head.type == training::HeadKind::kPretrained) return;  // val and predict report its problems
        add(training::problems_of_network(
            options_, models::load_network(options_.model, classes_, static_cast<uint64_t>(options_.seed))));
    }

    template <class Look>
    void attempt(const Look& look) {
        try {
            look();
        } catch (const core::Error& error) {
            add(error.problems());
        }
    }

    static void warn(const Problem& warning) { say("warning: {}", core::to_line(warning)); }
    void add(const std::vector<Problem>& problems) {
        problems_.insert(problems_.end(), problems.begin(), problems.end());
    }

    const Options& options_;
    int64_t classes_ = 2;  ///< used if the data do not give the number
    std::vector<Problem> problems_;
};

void check(const Options& options, const std::string& config) {
    say("{}: every key is known, and every value is of its kind", config);
    training::refuse(Check(options).problems());
    say("train would start");
}

}  // namespace

void add_check(CLI::App& program) {
    auto* verb = program.add_subcommand(
        "check", "All that train would refuse: keys, images, classes, weights; trains nothing, touches no device");
    struct Arguments {
        std::string config;
        std::vector<std::string> overrides;
    };
    const auto arguments = std::make_shared<Arguments>();
    verb->add_option("config", arguments->config, "The experiment's YAML file")->required();
    verb->add_option("overrides", arguments->overrides, kOverridesHelp);
    verb->callback(
        [arguments] { check(load_config<Options>(arguments->config, arguments->overrides), arguments->config); });
}

}  // namespace kaziranga::app
