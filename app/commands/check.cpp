#include "app/commands/commands.hpp"
#include "app/console.hpp"
#include "core/config/config.hpp"
#include "data/inspect.hpp"
#include "training/options.hpp"

#include <fmt/format.h>

namespace kaziranga::app {
namespace {

void check(const training::Options& options, const std::string& config) {
    say("{}: every key is right", config);
    if (options.data.root.empty()) {
        say("no data.root, so no images to look at");
        return;
    }
    const data::Dataset dataset = data::load_dataset(options.data, static_cast<uint64_t>(options.seed));
    const data::CheckReport report = data::check_dataset(dataset, options.data.max_pixels, options.data.workers);
    say("{}: {} classes, {} train, {} val, {} test images", options.data.root, dataset.classes.size(),
        dataset.train.size(), dataset.val.size(), dataset.test.size());
    for (const core::Problem& warning : report.warnings) say("warning: {}", core::to_line(warning));
    if (report.errors.empty()) {
        say("{} images read, all sound; {} warning(s)", report.images, report.warnings.size());
        return;
    }
    std::vector<core::Problem> problems = report.errors;
    problems.push_back({.what = fmt::format("{} of {} images cannot be used", report.errors.size(), report.images),
                        .remedy = options.data.on_error == "skip"
                                      ? "mend or remove them; training leaves them out, as data.on_error says"
                                      : "mend or remove them, or train without them with data.on_error=skip"});
    throw core::Error(std::move(problems));
}

}  // namespace

void add_check(CLI::App& program) {
    auto* verb = program.add_subcommand("check", "Is the config right, is the data sound? Touches no device");
    struct Arguments {
        std::string config;
        std::vector<std::string> overrides;
    };
    const auto arguments = std::make_shared<Arguments>();
    verb->add_option("config", arguments->config, "The experiment's YAML file")->required();
    verb->add_option("overrides", arguments->overrides, kOverridesHelp);
    verb->callback([arguments] {
        check(core::config::load<training::Options>(arguments->config, arguments->overrides), arguments->config);
    });
}

}  // namespace kaziranga::app
