#include "training/sweep/sweep.hpp"

#include "app/commands/commands.hpp"
#include "app/commands/config_kinds.hpp"
#include "app/console.hpp"

#include <fmt/format.h>

namespace kaziranga::app {

void add_sweep(CLI::App& program) {
    auto* verb = program.add_subcommand("sweep", "Train variants of a config over seeds and shots and compare them");
    struct Arguments {
        std::string config;
        std::vector<std::string> overrides;
    };
    const auto arguments = std::make_shared<Arguments>();
    verb->add_option("config", arguments->config, "The sweep's YAML file")->required();
    verb->add_option("overrides", arguments->overrides, "key=value on top of the sweep, such as seeds=[0,1]");
    verb->callback([arguments] {
        const auto options = load_config<training::SweepOptions>(arguments->config, arguments->overrides);
        const auto outcome = training::run_sweep(training::plan_sweep(options, arguments->config));
        say("");
        say("{} runs trained, {} finished before; intervals of {:g} % confidence", outcome.trained, outcome.already,
            100 * options.confidence);
        say_table(training::summary_cells(outcome.rows));
        if (const auto parts = training::spread_cells(outcome.rows); parts.size() > 1) {
            say("");
            say_table(parts);
        }
        say("{}", outcome.page.string());
    });
}

}  // namespace kaziranga::app
