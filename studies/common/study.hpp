#pragma once

#include "core/config/config.hpp"
#include "studies/common/findings.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

namespace kaziranga::studies {

/// The options that every study's config has.
struct StudyOptions {
    std::string output;
    int64_t seed = 0;
    int64_t threads = 0;
};

/// Describes StudyOptions as the first keys of a study's own options.
template <class Options>
void describe_common(core::config::Description<Options>& d) {
    d.field("output", static_cast<std::string Options::*>(&StudyOptions::output),
            "Folder for study.json, the pictures and the page; empty: runs/studies/<name>")
        .path()
        .transient();
    d.field("seed", static_cast<int64_t Options::*>(&StudyOptions::seed),
            "Seed of every random choice. Change it to repeat the study with other random numbers")
        .at_least(0);
    d.field("threads", static_cast<int64_t Options::*>(&StudyOptions::threads),
            "Threads used for computing; 0: one per processor")
        .at_least(0)
        .at_most(1024)
        .transient();
}

/// Reports problems of a list that must not be empty, must be ascending, and must hold no value twice.
template <class Number>
void require_ascending(const char* key, const std::vector<Number>& list, core::config::Problems& problems) {
    if (list.empty()) problems.add(key, "an empty list", "give at least one");
    if (!std::ranges::is_sorted(list)) problems.add(key, "not ascending", "order them");
    if (std::set<Number>(list.begin(), list.end()).size() != list.size()) {
        problems.add(key, "one stands twice", "keep one");
    }
}

/// A study with its options resolved.
struct PreparedStudy {
    std::string name;
    StudyOptions common;
    std::string config;  ///< the options as YAML
    std::function<Findings()> run;
};

/// A question that a computation answers.
struct Study {
    std::string name;
    std::string question;
    std::function<std::string()> default_config;  ///< YAML
    std::function<std::string()> page, schema;    ///< of its options: reference in Markdown, JSON schema
    core::config::Strings keys;                   ///< of the outermost level of its options
    /// @throws core::Error with every problem of the text and the overrides
    std::function<PreparedStudy(const std::string& yaml, const std::string& file,
                                const std::vector<std::string>& overrides)>
        prepare;
};

/// @param run  computes the answer: a pure function of the options, if it has enough time
template <class Options>
Study make_study(std::string name, std::string question, Findings (*run)(const Options&)) {
    const auto prepare = [name, run](const std::string& yaml, const std::string& file,
                                     const std::vector<std::string>& overrides) {
        const auto options = core::config::parse<Options>(yaml, file, overrides);
        return PreparedStudy{name, static_cast<const StudyOptions&>(options), core::config::to_yaml(options),
                             [options, run] { return run(options); }};
    };
    const auto print = [](auto printer) {
        const Options defaults;
        return printer(core::config::group_of<Options>(), &defaults);
    };
    const std::string title = "Keys of study " + name;
    return {
        std::move(name),
        std::move(question),
        [print] {
            return print([](const auto& group, const void* o) {
                return core::config::write(group, o, core::config::Include::kAll);
            });
        },
        [print, title] {
            return print([&](const auto& group, const void* o) { return core::config::markdown(group, o, title); });
        },
        [print, title] {
            return print([&](const auto& group, const void* o) { return core::config::json_schema(group, o, title); });
        },
        core::config::top_keys(core::config::group_of<Options>()),
        prepare};
}

}  // namespace kaziranga::studies
