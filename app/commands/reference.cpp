#include "app/commands/commands.hpp"
#include "app/commands/config_kinds.hpp"
#include "core/error.hpp"
#include "core/text.hpp"

#include <fmt/format.h>

namespace kaziranga::app {
namespace {

const ConfigKind& find_kind(const std::vector<ConfigKind>& all, const std::string& name) {
    std::vector<std::string> names;
    for (const ConfigKind& kind : all) {
        if (kind.name == name) return kind;
        names.push_back(kind.name);
    }
    throw core::Error({.what = "unknown kind of config",
                       .where = "--of",
                       .expected = "one of " + core::join(names, ", "),
                       .found = "'" + name + "'",
                       .remedy = core::did_you_mean(name, names)});
}

}  // namespace

void add_reference(CLI::App& program) {
    auto* verb = program.add_subcommand("reference", "Print the reference of every config key, or the JSON schema");
    const auto schema = std::make_shared<bool>(false);
    const auto of = std::make_shared<std::string>("train");
    verb->add_flag("--schema", *schema, "The JSON schema that editors complete and check configs from");
    verb->add_option("--of", *of,
                     "Of which configs: train (default), parks, sweep, reproduce, or those of a study by its name");
    verb->callback([schema, of] {
        const std::vector<ConfigKind> all = config_kinds();
        const ConfigKind& kind = find_kind(all, *of);
        fmt::print("{}", *schema ? kind.schema() : kind.page());
    });
}

}  // namespace kaziranga::app
