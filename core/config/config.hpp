#pragma once

#include "core/config/description.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace kaziranga::core::config {

/// `key=value`, applied after the config text. One source may set a key once. A later source overrides an earlier one.
struct Override {
    std::string text;
    std::string source = "command line";  ///< name of the source in messages
};

/// Reads YAML text and overrides into an options struct that holds its defaults.
/// @param name  name of the text in messages ("configs/a.yaml")
/// @throws core::Error with every problem of text and overrides at once: "name:line:column: key: what; remedy"
void read_into(const Group& group, void* options, std::string_view yaml, const std::string& name,
               const std::vector<Override>& overrides);
void read_into(const Group& group, void* options, std::string_view yaml, const std::string& name,
               const std::vector<std::string>& overrides);

enum class Include {
    kAll,
    kWithoutTransient,
    kPortable,  ///< like kWithoutTransient, but without paths that contain a folder: such paths are valid only on the
                ///< user's machine
};

/// Returns the options as YAML: all keys that `include` selects, in the order of the description.
std::string write(const Group& group, const void* options, Include include);

/// Returns the reference page: one table per section, with type, default, bounds, unit and meaning.
std::string markdown(const Group& group, const void* defaults, const std::string& title);

/// Returns a JSON Schema (draft-07). Editors use it to complete and check YAML files.
std::string json_schema(const Group& group, const void* defaults, const std::string& title);

template <class Options>
Options parse(std::string_view yaml, const std::string& name, const std::vector<std::string>& overrides = {}) {
    Options options;
    read_into(group_of<Options>(), &options, yaml, name, overrides);
    return options;
}

/// Returns the keys of the outermost level of a description or of a YAML text (none if it cannot be parsed).
Strings top_keys(const Group& group);
Strings top_keys(std::string_view yaml);

/// Maximum size of a config file, bytes.
inline constexpr uint64_t kMaxConfigBytes = 1 << 20;

std::string read_config_file(const std::filesystem::path& path);

template <class Options>
Options load(const std::filesystem::path& path, const std::vector<std::string>& overrides = {}) {
    return parse<Options>(read_config_file(path), path.string(), overrides);
}

template <class Options>
std::string to_yaml(const Options& options, Include include = Include::kAll) {
    return write(group_of<Options>(), &options, include);
}

}  // namespace kaziranga::core::config
