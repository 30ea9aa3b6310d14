#include "training/run_folder.hpp"

#include <algorithm>
#include <sstream>
#include <vector>

#include "core/config/config.hpp"
#include "core/error.hpp"
#include "core/files.hpp"

namespace kaziranga::training {
namespace {

namespace fs = std::filesystem;

bool holds_anything(const fs::path& folder) {
    std::error_code code;
    if (!fs::exists(folder, code)) return false;
    if (!fs::is_directory(folder, code)) {
        throw core::Error({.what = "the output is not a folder", .where = folder.string(),
                           .remedy = "name another with output=…"});
    }
    return !fs::is_empty(folder, code);
}

/// "section.key: value" for every line of a resolved config, so that two of them can be compared.
std::vector<std::string> dotted_lines(const std::string& yaml) {
    std::vector<std::string> lines;
    std::istringstream text(yaml);
    std::string section;
    for (std::string line; std::getline(text, line);) {
        if (!line.empty() && line.front() != ' ' && line.back() == ':') {
            section = line.substr(0, line.size() - 1) + ".";
            continue;
        }
        const size_t start = line.find_first_not_of(' ');
        if (start == std::string::npos) continue;
        if (start == 0) section.clear();
        lines.push_back(section + line.substr(start));
    }
    return lines;
}

void require_same_config(const RunFolder& folder, const Options& options) {
    std::vector<core::Problem> problems;
    for (const ConfigDifference& difference : config_differences(folder, options)) {
        problems.push_back({.what = "the run was started with another value",
                            .where = folder.config().string(),
                            .expected = difference.saved,
                            .found = difference.asked,
                            .remedy = "resume with the same config, or start afresh with overwrite=true"});
    }
    if (!problems.empty()) throw core::Error(std::move(problems));
}

/// True for a run that ended before it had trained anything, on a bad image or missing weights say: it holds nothing
/// worth keeping, so the corrected command may use its folder.
bool nothing_trained(const RunFolder& run) {
    if (!fs::exists(run.config())) return false;
    for (const fs::path& weights : {run.state(), run.best(), run.last()}) {
        if (fs::exists(weights)) return false;
    }
    const std::vector<fs::path> own = {run.config(), run.classes(), run.log(), run.candidates(), run.train_batch(),
                                      run.best().parent_path()};
    return std::all_of(fs::directory_iterator(run.root), fs::directory_iterator(), [&](const fs::directory_entry& entry) {
        return std::find(own.begin(), own.end(), entry.path()) != own.end();
    });
}

/// resume and overwrite are for the folder of a run, not for a folder of something else.
void require_run(const RunFolder& run) {
    if (!holds_anything(run.root) || fs::exists(run.config())) return;
    throw core::Error({.what = "the output folder holds something else than a run",
                       .where = run.root.string(),
                       .expected = "config.yaml of an earlier run, or nothing",
                       .remedy = "name another with output=…"});
}

/// All but config.yaml, which is written anew in one piece: stopped on the way, the folder still shows that it is a run's.
void remove_run_files(const RunFolder& folder) {
    for (const fs::path& file : {folder.classes(), folder.log(), folder.results(), folder.metrics(),
                                 folder.per_class(), folder.predictions(), folder.candidates(), folder.train_batch(),
                                 folder.skipped(), folder.best(),
                                 folder.last(), folder.state()}) {
        std::error_code code;
        fs::remove(file, code);
    }
}

}  // namespace

std::vector<ConfigDifference> config_differences(const RunFolder& folder, const Options& options) {
    using core::config::Include;
    const auto saved = core::config::load<Options>(folder.config());
    const auto before = dotted_lines(core::config::to_yaml(saved, Include::kWithoutTransient));
    const auto now = dotted_lines(core::config::to_yaml(options, Include::kWithoutTransient));
    std::vector<ConfigDifference> differences;
    for (size_t i = 0; i < std::min(before.size(), now.size()); ++i) {
        if (before[i] != now[i]) differences.push_back({before[i], now[i]});
    }
    return differences;
}

RunStatus run_status(const Options& options) {
    const RunFolder folder{options.output};
    require_run(folder);
    if (!fs::exists(folder.config()) || nothing_trained(folder)) return RunStatus::kFree;
    if (!config_differences(folder, options).empty()) return RunStatus::kOther;
    return fs::exists(folder.metrics()) ? RunStatus::kFinished : RunStatus::kUnfinished;
}

void require_free_folder(const fs::path& folder, bool overwrite, const std::string& remedy) {
    if (holds_anything(folder) && !overwrite) {
        throw core::Error({.what = "the output folder is not empty", .where = folder.string(), .remedy = remedy});
    }
    core::make_folders(folder);
}

RunFolder open_run_folder(const Options& options) {
    const RunFolder folder{options.output};
    if (options.resume || options.overwrite) require_run(folder);
    const bool unused = nothing_trained(folder);
    require_free_folder(folder.root, options.resume || options.overwrite || unused,
                        "go on with resume=true, replace the run with overwrite=true, or name another with output=…");
    if (options.resume && !unused && fs::exists(folder.config())) require_same_config(folder, options);
    if (options.overwrite) remove_run_files(folder);
    Options kept = options;
    kept.resume = false;
    kept.overwrite = false;
    core::write_file(folder.config(), core::config::to_yaml(kept));
    core::make_folders(folder.best().parent_path());
    return folder;
}

}  // namespace kaziranga::training
