#pragma once

#include <string>

#include <CLI/App.hpp>

namespace kaziranga::app {

/// Adds one verb, with its arguments, to the program. The verb runs when its subcommand was parsed; main turns the
/// exceptions that it throws into exit codes.
using AddVerb = void(CLI::App& program);
AddVerb add_check, add_train, add_sweep, add_val, add_predict, add_generate, add_study, add_reproduce, add_cache,
    add_reference;

/// All verbs, in the order of the help text. A new one needs its source file and a place in these two lists.
inline constexpr AddVerb* kVerbs[] = {add_check,    add_train, add_sweep,     add_val,   add_predict,
                                      add_generate, add_study, add_reproduce, add_cache, add_reference};

/// Refuses empty text, which a shell passes for an unset variable.
inline CLI::Validator not_empty() {
    return CLI::Validator([](const std::string& text) { return text.empty() ? "an empty name" : ""; }, "");
}

/// Description of the `overrides` arguments in the help of every verb.
inline constexpr const char* kOverridesHelp = "key=value on top of the config, such as optimizer.lr=0.1";
inline constexpr const char* kClassifierOverridesHelp =
    "key=value on top of the config that the checkpoint holds, such as features.precision=fp32";

}  // namespace kaziranga::app
