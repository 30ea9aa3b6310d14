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

/// How a config.yaml begins that a run wrote: another is the user's, and no sign of a run.
constexpr const char* kMark = "# The resolved config of a run of kaziranga\n";

bool is_run(const RunFolder& run) {
    std::error_code code;
    return fs::is_regular_file(run.config(), code) && core::read_file(run.config()).starts_with(kMark);
}

bool holds_anything(const fs::path& folder) {
    std::error_code code;
    if (!fs::exists(folder, code)) return false;
    if (!fs::is_directory(folder, code)) {
        throw core::Error(
            {.what = "the output is not a folder", .where = folder.string(), .remedy = "name another with output=…"});
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

/// True for a run that ended before it had trained anything, on a bad image or missing weights say: it holds nothing
/// worth keeping, so the corrected command may use its folder.
bool nothing_trained(const RunFolder& run) {
    if (!is_run(run)) return false;
    for (const fs::path& weights : {run.state(), run.best(), run.last()}) {
        if (fs::exists(weights)) return false;
    }
    const std::vector<fs::path> own = {run.config(),     run.classes(),     run.log(),
                                       run.candidates(), run.train_batch(), run.best().parent_path()};
    return std::all_of(
        fs::directory_iterator(run.root), fs::directory_iterator(),
        [&](const fs::directory_entry& entry) { return std::find(own.begin(), own.end(), entry.path()) != own.end(); });
}

/// resume and overwrite are for the folder of a run, not for a folder of something else.
void require_run(const RunFolder& run) {
    if (!holds_anything(run.root) || is_run(run)) return;
    throw core::Error({.what = "the output folder holds something else than a run",
                       .where = run.root.string(),
                       .expected = "config.yaml that an earlier run wrote, or nothing",
                       .remedy = "name another with output=…"});
}

fs::path dropped(const RunFolder& run) {
    return run.root / "replaced.dropped";
}

/// config.yaml is copied, at the end: it says that all is there, and the folder never ceases to be a run's.
void move_aside(const RunFolder& run) {
    const RunFolder aside{run.replaced()};
    core::make_folders(aside.best().parent_path());
    const auto from = run.files(), to = aside.files();
    for (size_t i = 1; i < from.size(); ++i) {
        if (fs::exists(from[i])) fs::rename(from[i], to[i]);
    }
    fs::copy_file(run.config(), aside.config());
}

/// Where all was moved aside, what the new run has made since is removed. Folders of these names in a folder that is no
/// run's are the user's.
void put_back(const RunFolder& run) {
    if (!is_run(run)) return;
    std::error_code code;
    fs::remove_all(dropped(run), code);
    const RunFolder aside{run.replaced()};
    const bool all = is_run(aside);
    const auto from = aside.files(), to = run.files();
    for (size_t i = 1; i < from.size(); ++i) {
        if (fs::exists(from[i], code)) {
            fs::rename(from[i], to[i], code);
        } else if (all) {
            fs::remove(to[i], code);
        }
    }
    if (all) fs::rename(aside.config(), run.config(), code);
    fs::remove(aside.best().parent_path(), code);
    fs::remove(aside.root, code);
}

}  // namespace

std::vector<fs::path> RunFolder::files() const {
    return {config(),          classes(),    log(),         results(), metrics(), per_class(), predictions(),
            training_images(), candidates(), train_batch(), skipped(), best(),    last(),      state()};
}

ReplacedRun::~ReplacedRun() {
    put_back(folder_);
}

void ReplacedRun::drop() const {
    std::error_code code;
    fs::rename(folder_.replaced(), dropped(folder_), code);  // at once, so that nothing is put back by halves
    fs::remove_all(dropped(folder_), code);
}

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

void require_same_config(const RunFolder& folder, const Options& options, const std::string& remedy) {
    std::vector<core::Problem> problems;
    for (const ConfigDifference& difference : config_differences(folder, options)) {
        problems.push_back({.what = "the run was started with another value",
                            .where = folder.config().string(),
                            .expected = difference.saved,
                            .found = difference.asked,
                            .remedy = remedy});
    }
    if (!problems.empty()) throw core::Error(std::move(problems));
}

RunStatus run_status(const Options& options) {
    const RunFolder folder{options.output};
    put_back(folder);
    require_run(folder);
    if (!is_run(folder) || nothing_trained(folder)) return RunStatus::kFree;
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
    put_back(folder);
    if (options.resume || options.overwrite) require_run(folder);
    const bool unused = nothing_trained(folder);
    require_free_folder(folder.root, options.resume || options.overwrite || unused,
                        "go on with resume=true, replace the run with overwrite=true, or name another with output=…");
    if (options.resume && !unused && is_run(folder)) {
        require_same_config(folder, options, "resume with the same config, or start afresh with overwrite=true");
    }
    if (options.overwrite && is_run(folder)) move_aside(folder);
    Options kept = options;
    kept.resume = false;
    kept.overwrite = false;
    core::write_file(folder.config(), kMark + core::config::to_yaml(kept));
    core::make_folders(folder.best().parent_path());
    return folder;
}

}  // namespace kaziranga::training
