#include "studies/reproduce/reproduce.hpp"

#include "app/commands/commands.hpp"
#include "app/commands/config_kinds.hpp"
#include "app/commands/report.hpp"

namespace kaziranga::app {

void add_reproduce(CLI::App& program) {
    auto* verb = program.add_subcommand("reproduce", "Put the transfer-learning scenario to the test");
    struct Arguments {
        std::string config;
        std::vector<std::string> overrides;
    };
    const auto arguments = std::make_shared<Arguments>();
    verb->add_option("config", arguments->config, "The YAML file, such as configs/reproduce.yaml")->required();
    verb->add_option("overrides", arguments->overrides, "key=value on top of the config, such as seeds=[0,1]");
    verb->callback([arguments] {
        const auto options = load_config<studies::ReproduceOptions>(arguments->config, arguments->overrides);
        print_report(studies::reproduce(options), options.output);
    });
}

}  // namespace kaziranga::app
