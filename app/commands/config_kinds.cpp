#include "app/commands/config_kinds.hpp"

#include "core/files.hpp"
#include "core/text.hpp"
#include "data/synthetic/options.hpp"
#include "studies/catalogue.hpp"
#include "studies/reproduce/options.hpp"
#include "training/options.hpp"
#include "training/sweep/options.hpp"

#include <algorithm>

namespace kaziranga::app {
namespace {

using core::config::Strings;

/// @param verbs  the verbs named in the page's title
template <class Options>
ConfigKind kind_of(std::string name, std::string verb, const std::string& verbs) {
    const std::string title = "Keys of " + verbs;
    const auto print = [title](auto printer) {
        const Options defaults;
        return printer(core::config::group_of<Options>(), &defaults, title);
    };
    return {std::move(name), std::move(verb), core::config::top_keys(core::config::group_of<Options>()),
            [print] { return print(core::config::markdown); }, [print] { return print(core::config::json_schema); }};
}

/// Returns the members of `keys` that are not in `known`.
Strings unknown_among(const Strings& keys, const Strings& known) {
    Strings unknown;
    std::ranges::copy_if(keys, std::back_inserter(unknown),
                         [&](const std::string& key) { return std::ranges::count(known, key) == 0; });
    return unknown;
}

}  // namespace

std::vector<ConfigKind> config_kinds() {
    std::vector<ConfigKind> all = {kind_of<training::Options>("train", "train", "train, check, val and predict"),
                                   kind_of<data::synthetic::GenerateOptions>("parks", "generate", "generate"),
                                   kind_of<training::SweepOptions>("sweep", "sweep", "sweep"),
                                   kind_of<studies::ReproduceOptions>("reproduce", "reproduce", "reproduce")};
    for (const studies::Study& study : studies::studies()) {
        all.push_back({study.name, "study " + study.name + " --config", study.keys, study.page, study.schema});
    }
    return all;
}

void refuse_other_kinds(const std::filesystem::path& path, const Strings& keys) {
    std::error_code code;
    if (!std::filesystem::is_regular_file(path, code)) return;
    const Strings given = core::config::top_keys(core::config::read_config_file(path));
    const Strings strange = unknown_among(given, keys);
    if (strange.empty()) return;
    for (const ConfigKind& kind : config_kinds()) {
        if (!unknown_among(given, kind.keys).empty()) continue;
        throw core::Error({.what = "a config of another verb",
                           .where = path.string(),
                           .found = core::join(strange, ", ") + ", which are keys of " + kind.name,
                           .remedy = "kaziranga " + kind.verb + " " + path.string()});
    }
}

void refuse_misplaced_settings(const std::filesystem::path& path, const std::vector<std::string>& overrides,
                               const Strings& keys) {
    std::error_code code;
    const bool setting = path.string().find('=') != std::string::npos && !std::filesystem::exists(path, code);
    if (setting || std::filesystem::is_directory(path, code)) {
        throw core::Error(
            {.what = setting ? "a setting, where the config's file is expected"
                             : "a folder, where the config's file is expected",
             .where = path.string(),
             .expected = "a YAML file, such as configs/kaziranga.yaml",
             .remedy = setting ? "name the config first, then " + path.string()
                               : "name the config first; images are named in it, or by data.root=" + path.string()});
    }
    if (std::ranges::count(keys, "set") == 0) return;
    const Strings of_training = core::config::top_keys(core::config::group_of<training::Options>());
    Strings misplaced;
    for (const std::string& text : overrides) {
        const std::string key = text.substr(0, text.find_first_of(".="));
        if (std::ranges::count(keys, key) == 0 && std::ranges::count(of_training, key) > 0) misplaced.push_back(text);
    }
    if (misplaced.empty()) return;
    throw core::Error(
        {.what = "a setting of the trainings",
         .where = misplaced.front(),
         .expected = "keys of this verb: " + core::join(keys, ", "),
         .remedy = "write set=[" + core::join(misplaced, ", ") + "], which takes the place of the config's own set"});
}

}  // namespace kaziranga::app
