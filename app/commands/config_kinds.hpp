#pragma once

#include "core/config/config.hpp"
#include "core/error.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace kaziranga::app {

/// A kind of config file. One options struct describes each kind.
struct ConfigKind {
    std::string name;                     ///< its name in reference --of
    std::string verb;                     ///< the verb that uses it, as typed on the command line
    core::config::Strings keys;           ///< keys of its outermost level
    std::function<std::string()> page;    ///< its reference in Markdown
    std::function<std::string()> schema;  ///< JSON schema
};

/// Returns the kinds for train, generate, sweep, reproduce and each study.
std::vector<ConfigKind> config_kinds();

/// Refuses a config file of another kind: some of its keys are not in `keys`, but another kind has all of them.
/// @throws core::Error naming that kind
void refuse_other_kinds(const std::filesystem::path& path, const core::config::Strings& keys);

/// Refuses a setting or a folder in the place of the config file. If the verb has a key `set`, also refuses overrides
/// that are training options: they belong in `set`.
/// @throws core::Error saying where the settings belong
void refuse_misplaced_settings(const std::filesystem::path& path, const std::vector<std::string>& overrides,
                               const core::config::Strings& keys);

/// Like config::load, which reports unknown keys. For a config of another verb it reports that verb instead.
template <class Options>
Options load_config(const std::filesystem::path& path, const std::vector<std::string>& overrides) {
    try {
        return core::config::load<Options>(path, overrides);
    } catch (const core::Error&) {
        const core::config::Strings keys = core::config::top_keys(core::config::group_of<Options>());
        refuse_misplaced_settings(path, overrides, keys);
        refuse_other_kinds(path, keys);
        throw;
    }
}

}  // namespace kaziranga::app
