#pragma once

#include "core/config/config.hpp"
#include "core/error.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace kaziranga::app {

/// A kind of config file: what is described by one options struct.
struct ConfigKind {
    std::string name;                     ///< as reference --of calls it
    std::string verb;                     ///< that takes it, as it is typed
    core::config::Strings keys;           ///< of its outermost level
    std::function<std::string()> page;    ///< its reference in Markdown
    std::function<std::string()> schema;  ///< JSON schema
};

/// Of train, generate, sweep, reproduce and each study.
std::vector<ConfigKind> config_kinds();

/// A file whose keys are not all among `keys`, but all of another kind, is refused as a config of that one.
/// @throws core::Error saying whose config it is
void refuse_other_kinds(const std::filesystem::path& path, const core::config::Strings& keys);

/// A setting in the config's place is refused as one; and of a verb with a key `set`, settings of its trainings that do
/// not stand there.
/// @throws core::Error saying where they go
void refuse_misplaced_settings(const std::filesystem::path& path, const std::vector<std::string>& overrides,
                               const core::config::Strings& keys);

/// config::load, which lists the keys that it does not know; a config of another verb is said to be one instead.
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
