#pragma once

#include <string>

#include <CLI/App.hpp>

namespace kaziranga::app {

// Each function adds one verb (a subcommand with its arguments) to the program. The verb runs after the subcommand was
// parsed. It throws exceptions, which main converts into an exit code.
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

/// Refuses empty text, which a shell passes for an unset variable.
inline CLI::Validator not_empty() {
    return CLI::Validator([](const std::string& text) { return text.empty() ? "an empty name" : ""; }, "");
}

/// Description of the `overrides` arguments in the help of every verb.
inline constexpr const char* kOverridesHelp = "key=value on top of the config, such as optimizer.lr=0.1";
inline constexpr const char* kClassifierOverridesHelp =
    "key=value on top of the config that the checkpoint holds, such as features.precision=fp32";

}  // namespace kaziranga::app
