#pragma once

#include <string>

#include <CLI/App.hpp>

namespace kaziranga::app {

// Each adds one verb, with its arguments, to the program; the verb runs when its subcommand was parsed and throws
// what main turns into an exit code.
void add_check(CLI::App& program);
void add_train(CLI::App& program);
void add_sweep(CLI::App& program);
void add_val(CLI::App& program);
void add_predict(CLI::App& program);
void add_generate(CLI::App& program);
void add_reproduce(CLI::App& program);
void add_study(CLI::App& program);
void add_cache(CLI::App& program);
void add_reference(CLI::App& program);

/// Refuses the empty text that a shell makes of a variable that is not set.
inline CLI::Validator not_empty() {
    return CLI::Validator([](const std::string& text) { return text.empty() ? "an empty name" : ""; }, "");
}

/// What `overrides` arguments are called in every verb's help.
inline constexpr const char* kOverridesHelp = "key=value on top of the config, such as optimizer.lr=0.1";
inline constexpr const char* kClassifierOverridesHelp =
    "key=value on top of the config that the checkpoint holds, such as features.precision=fp32";

}  // namespace kaziranga::app
