#include "app/commands/commands.hpp"
#include "app/commands/config_kinds.hpp"
#include "app/console.hpp"
#include "data/synthetic/park.hpp"

#include <fmt/format.h>

namespace kaziranga::app {

void add_generate(CLI::App& program) {
    auto* verb = program.add_subcommand("generate", "Draw the made-up parks");
    struct Arguments {
        std::string config;
        std::vector<std::string> overrides;
    };
    const auto arguments = std::make_shared<Arguments>();
    verb->add_option("config", arguments->config, "The parks' YAML file")->required();
    verb->add_option("overrides", arguments->overrides, "key=value on top of the config, such as kaziranga.shift=0.5");
    verb->callback([arguments] {
        using data::synthetic::GenerateOptions;
        const auto options = load_config<GenerateOptions>(arguments->config, arguments->overrides);
        for (const auto& park : data::synthetic::generate_parks(options).parks) {
            const std::string how = options.store ? fmt::format("{:.0f} MB in {:.1f} s",
                                                                static_cast<double>(park.bytes) / 1e6, park.seconds)
                                                  : "to be drawn when they are needed (data.format=park)";
            say("{}: {} species, {} images, {}: {}", park.park, park.species, park.images, how, park.folder.string());
        }
    });
}

}  // namespace kaziranga::app
