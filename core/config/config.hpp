#pragma once

#include "core/config/description.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace kaziranga::core::config {

/// `key=value` on top of a text. Of one key, a source may say one thing; a later source's word replaces an earlier
/// one's.
struct Override {
    std::string text;
    std::string source = "command line";  ///< how messages call the place it stands in
};

/// Reads YAML text and overrides into an options struct that holds its defaults.
/// @param name  how the text is called in messages ("configs/a.yaml")
/// @throws core::Error with every fault of text and overrides at once: "name:line:column: key: what; remedy"
void read_into(const Group& group, void* options, std::string_view yaml, const std::string& name,
               const std::vector<Override>& overrides);
void read_into(const Group& group, void* options, std::string_view yaml, const std::string& name,
               const std::vector<std::string>& overrides);

enum class Include {
    kAll,
    kWithoutTransient,
    kPortable,  ///< the same without paths into folders, which say something of the user's machine and mean nothing
                ///< elsewhere
};

/// The options as YAML, every key written out, in the order of the description.
std::string write(const Group& group, const void* options, Include include);

/// The reference page: one table a section, with type, default, bounds, unit and meaning.
std::string markdown(const Group& group, const void* defaults, const std::string& title);

/// A JSON Schema (draft-07) that editors complete and check YAML files from.
std::string json_schema(const Group& group, const void* defaults, const std::string& title);

template <class Options>
Options parse(std::string_view yaml, const std::string& name, const std::vector<std::string>& overrides = {}) {
    Options options;
    read_into(group_of<Options>(), &options, yaml, name, overrides);
    return options;
}

/// The keys of the outermost level: of a description, and of a text as far as it is YAML.
Strings top_keys(const Group& group);
Strings top_keys(std::string_view yaml);

/// Largest config file read; a longer one is not a config.
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
