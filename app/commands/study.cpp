#include "app/commands/commands.hpp"
#include "app/commands/report.hpp"
#include "app/console.hpp"
#include "core/error.hpp"
#include "core/threads.hpp"
#include "studies/catalogue.hpp"

#include <chrono>
#include <filesystem>
#include <stdexcept>

#include <fmt/format.h>

namespace kaziranga::app {
namespace {

namespace fs = std::filesystem;
using studies::PreparedStudy;
using studies::Study;

constexpr const char* kAll = "all";
constexpr const char* kOutput = "runs/studies";

/// Reads the given config, else the study's usual config file, else uses the defaults, which that file repeats.
PreparedStudy prepare(const Study& study, const std::string& config, const std::vector<std::string>& overrides) {
    const fs::path usual = fs::path("configs") / "studies" / (study.name + ".yaml");
    const fs::path file = config.empty() ? usual : fs::path(config);
    std::error_code code;
    const bool defaults = config.empty() && !fs::exists(file, code);
    const std::string text = defaults ? "" : core::config::read_config_file(file);
    return study.prepare(text, defaults ? study.name : file.string(), overrides);
}

/// @throws core::Error with the problems of every study, each with the study's name
std::vector<PreparedStudy> prepare_all(const std::vector<std::string>& overrides) {
    std::vector<PreparedStudy> prepared;
    std::vector<core::Problem> problems;
    for (const Study& study : studies::studies()) {
        try {
            prepared.push_back(prepare(study, "", overrides));
        } catch (const core::Error& error) {
            for (core::Problem problem : error.problems()) {
                problem.where += " (study " + study.name + ")";
                problems.push_back(std::move(problem));
            }
        }
    }
    if (!problems.empty()) throw core::Error(std::move(problems));
    return prepared;
}

evaluation::Report run(const PreparedStudy& study) {
    core::use_threads(study.common.threads);
    const auto start = std::chrono::steady_clock::now();
    evaluation::Findings findings = study.run();
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    return evaluation::drawn({std::move(findings), study.config, seconds.count()});
}

void list() {
    for (const Study& study : studies::studies()) say("{:<16} {}", study.name, study.question);
}

/// @throws core::Error for failed checks that the user can fix, std::runtime_error for errors of the program
void require_passed(const std::vector<evaluation::Report>& reports) {
    std::vector<core::Problem> problems;
    for (const evaluation::Report& report : reports) {
        for (const evaluation::Check& check : report.findings.checks) {
            if (check.passed()) continue;
            const std::string what = "study " + report.findings.name + ": a check failed: " + check.name;
            if (check.remedy.empty()) throw std::runtime_error(what);
            problems.push_back({.what = what,
                                .expected = fmt::format("at most {:g}", check.tolerance),
                                .found = fmt::format("{:g} {}", check.measured, check.unit),
                                .remedy = check.remedy});
        }
    }
    if (!problems.empty()) throw core::Error(std::move(problems));
}

/// Runs the studies one after another. Failed checks are reported at the end, after all results are written.
void run_studies(const std::vector<PreparedStudy>& prepared, bool collect) {
    if (collect) {
        const std::string& output = prepared.front().common.output;
        std::vector<std::string> names;
        for (const PreparedStudy& study : prepared) names.push_back(study.name);
        evaluation::require_collection_folder(output.empty() ? kOutput : output, names);
    }
    std::vector<fs::path> folders;
    std::vector<core::FolderLock> locks;
    for (const PreparedStudy& study : prepared) {
        const fs::path root = study.common.output.empty() ? fs::path(kOutput) : fs::path(study.common.output);
        folders.push_back(collect || study.common.output.empty() ? root / study.name : root);
        locks.push_back(evaluation::open_report_folder(folders.back(), study.name));
    }
    std::vector<evaluation::Report> reports;
    for (size_t i = 0; i < prepared.size(); ++i) {
        reports.push_back(run(prepared[i]));
        evaluation::write_report(folders[i], reports.back());
        print_report(reports.back(), folders[i]);
    }
    if (collect) {
        const fs::path root = folders.front().parent_path();
        evaluation::write_collection(root, "The studies", reports);
        say("");
        say("{}", (root / evaluation::kPageName).string());
    }
    require_passed(reports);
}

}  // namespace

void add_study(CLI::App& program) {
    auto* verb = program.add_subcommand("study", "Answer a question by computing it: list, a study's name, or all");
    struct Arguments {
        std::string name, config;
        std::vector<std::string> overrides;
    };
    const auto arguments = std::make_shared<Arguments>();
    verb->add_option("name", arguments->name, "list, a study, or all")->required();
    verb->add_option("--config", arguments->config, "Its YAML file instead of configs/studies/<name>.yaml")
        ->check(not_empty());
    verb->add_option("overrides", arguments->overrides, "key=value on top of the config, such as seed=1 or output=DIR");
    verb->callback([arguments] {
        const auto& [name, config, overrides] = *arguments;
        if (name == "list") return list();
        if (name != kAll) return run_studies({prepare(studies::find_study(name), config, overrides)}, false);
        if (!config.empty()) {
            throw core::Error(
                core::Problem{.what = "--config is of one study", .remedy = "name the study, or leave it out"});
        }
        run_studies(prepare_all(overrides), true);
    });
}

}  // namespace kaziranga::app
