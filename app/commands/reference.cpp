#include <fmt/format.h>

#include <functional>

#include "app/commands/commands.hpp"
#include "core/config/config.hpp"
#include "core/error.hpp"
#include "core/text.hpp"
#include "data/synthetic/options.hpp"
#include "studies/reproduce_options.hpp"
#include "studies/study.hpp"
#include "training/options.hpp"
#include "training/sweep_options.hpp"

namespace kaziranga::app {
namespace {

/// A kind of config file.
struct Kind {
    std::string name;
    std::function<std::string()> page;    ///< Markdown
    std::function<std::string()> schema;  ///< JSON
};

template <class Options>
Kind kind_of(std::string name, const std::string& verbs) {
    const std::string title = "Keys of " + verbs;
    const auto print = [title](auto printer) {
        const Options defaults;
        return printer(core::config::group_of<Options>(), &defaults, title);
    };
    return {std::move(name), [print] { return print(core::config::markdown); },
            [print] { return print(core::config::json_schema); }};
}

std::vector<Kind> kinds() {
    std::vector<Kind> all = {kind_of<training::Options>("train", "train, check, val and predict"),
                             kind_of<data::synthetic::GenerateOptions>("parks", "generate"),
                             kind_of<training::SweepOptions>("sweep", "sweep"),
                             kind_of<studies::ReproduceOptions>("reproduce", "reproduce")};
    for (const studies::Study& study : studies::studies()) all.push_back({study.name, study.page, study.schema});
    return all;
}

const Kind& find_kind(const std::vector<Kind>& all, const std::string& name) {
    std::vector<std::string> names;
    for (const Kind& kind : all) {
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
        const std::vector<Kind> all = kinds();
        const Kind& kind = find_kind(all, *of);
        fmt::print("{}", *schema ? kind.schema() : kind.page());
    });
}

}  // namespace kaziranga::app
