#include <fmt/format.h>

#include "app/commands/commands.hpp"
#include "core/config/config.hpp"
#include "data/synthetic/options.hpp"
#include "training/options.hpp"
#include "training/sweep_options.hpp"

namespace kaziranga::app {

void add_reference(CLI::App& program) {
    auto* verb = program.add_subcommand("reference", "Print the reference of every config key, or the JSON schema");
    const auto schema = std::make_shared<bool>(false);
    const auto parks = std::make_shared<bool>(false);
    const auto sweep = std::make_shared<bool>(false);
    verb->add_flag("--schema", *schema, "The JSON schema that editors complete and check configs from");
    auto* of_parks = verb->add_flag("--parks", *parks, "Of the configs of generate instead of those of train");
    verb->add_flag("--sweep", *sweep, "Of the configs of sweep instead of those of train")->excludes(of_parks);
    verb->callback([schema, parks, sweep] {
        const auto print = [&](const core::config::Group& group, const void* defaults, const std::string& title) {
            fmt::print("{}", *schema ? core::config::json_schema(group, defaults, title)
                                     : core::config::markdown(group, defaults, title));
        };
        if (*parks) {
            const data::synthetic::GenerateOptions defaults;
            print(core::config::group_of<data::synthetic::GenerateOptions>(), &defaults, "Keys of generate");
        } else if (*sweep) {
            const training::SweepOptions defaults;
            print(core::config::group_of<training::SweepOptions>(), &defaults, "Keys of sweep");
        } else {
            const training::Options defaults;
            print(core::config::group_of<training::Options>(), &defaults, "Keys of train, check, val and predict");
        }
    });
}

}  // namespace kaziranga::app
