#include "training/run/run_folder.hpp"

#include "core/config/config.hpp"
#include "core/error.hpp"
#include "core/files.hpp"
#include "core/log.hpp"

#include <algorithm>
#include <exception>
#include <sstream>
#include <utility>
#include <vector>

namespace kaziranga::training {
namespace {

namespace fs = std::filesystem;

/// The start of a config.yaml that a run wrote. A config.yaml without it belongs to the user and does not mark a run.
constexpr const char* kMark = "# The resolved config of a run of kaziranga\n";

constexpr const char* kAnotherOutput = "name another with output=…";

void require_folder_or_nothing(const fs::path& path) {
    std::error_code code;
    if (!fs::exists(path, code) || fs::is_directory(path, code)) return;
    throw core::Error({.what = "the output is not a folder", .where = path.string(), .remedy = kAnotherOutput});
}

/// "section.key: value" for every line of a resolved config, so that two configs can be compared.
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

/// True for a run that ended before it trained anything, for example because of a bad image or missing weights. It
/// holds nothing worth keeping, so the corrected command may use its folder.
bool nothing_trained(const RunFolder& run) {
    if (!is_run(run)) return false;
    for (const fs::path& weights : {run.state(), run.best(), run.last()}) {
        if (fs::exists(weights)) return false;
    }
    const std::vector<fs::path> own = {run.config(),      run.classes(), run.log(),    run.candidates(),
                                       run.train_batch(), run.splits(),  run.weights()};
    return std::all_of(
        fs::directory_iterator(run.root), fs::directory_iterator(), [&](const fs::directory_entry& entry) {
            return core::is_partial_file(entry.path()) || std::find(own.begin(), own.end(), entry.path()) != own.end();
        });
}

/// Throws if the folder holds something other than a run: resume and overwrite are only for the folders of runs.
void require_run(const RunFolder& run) {
    require_folder_or_nothing(run.root);
    if (core::is_vacant(run.root) || is_run(run)) return;
    throw core::Error({.what = "the output folder holds something else than a run",
                       .where = run.root.string(),
                       .expected = "config.yaml that an earlier run wrote, or nothing",
                       .remedy = kAnotherOutput});
}

/// A complete replacement is moved through these names, so that the next command after a kill knows what is left to do.
/// In the first state, the earlier run's files must be removed; in the second, those of the new run must be moved.
RunFolder whole(const RunFolder& run) {
    return {run.root / "replacement.whole"};
}
RunFolder moving(const RunFolder& run) {
    return {run.root / "replacement.moving"};
}

/// Returns the path, with a number appended if something is already there.
fs::path free_place(const fs::path& wanted) {
    fs::path place = wanted;
    std::error_code code;
    for (int number = 2; fs::exists(fs::symlink_status(place, code)); ++number) {
        place = wanted;
        place += "." + std::to_string(number);
    }
    return place;
}

/// Throws if something is at a path through which a new run is moved.
void require_nothing_at(const fs::path& place) {
    std::error_code code;
    if (!fs::exists(fs::symlink_status(place, code))) return;
    throw core::Error({.what = "something else is where a new run goes through",
                       .where = place.string(),
                       .remedy = std::string("move it away, or ") + kAnotherOutput});
}

/// Puts a complete replacement in its place, also that of a killed program. config.yaml, which marks the folder as a
/// run, is moved last. Folders of these names that hold no run belong to the user.
void settle(const RunFolder& run) {
    const auto to = run.files();
    if (is_run(whole(run))) {
        require_nothing_at(moving(run).root);
        for (size_t i = 1; i < to.size(); ++i) fs::remove_all(to[i]);
        fs::rename(whole(run).root, moving(run).root);
    }
    if (!is_run(moving(run))) return;
    const auto from = moving(run).files();
    core::make_folders(run.weights());
    for (size_t i = 1; i < to.size(); ++i) {
        if (fs::exists(from[i])) fs::rename(from[i], to[i]);
    }
    fs::rename(from.front(), to.front());
    std::error_code code;
    fs::remove(moving(run).weights(), code);
    // Files that a file manager left there, for example.
    for (const fs::directory_entry& other : fs::directory_iterator(moving(run).root, code)) {
        std::error_code ignored;
        fs::rename(other.path(), free_place(run.root / other.path().filename()), ignored);
    }
    fs::remove(moving(run).root, code);
}

/// Throws if trials/ holds a folder of the user. trials/ is removed with the run; such a folder must not be.
void require_trials_alone(const RunFolder& run) {
    std::error_code code;
    if (!fs::is_directory(run.trials(), code)) return;
    for (const fs::directory_entry& entry : fs::directory_iterator(run.trials())) {
        if (core::is_vacant(entry.path()) || is_run({entry.path()})) continue;
        throw core::Error({.what = "something else than a run lies among the run's trials",
                           .where = entry.path().string(),
                           .remedy = std::string("move it away, or ") + kAnotherOutput});
    }
}

/// Throws, before hours of work, if the new run could not take the place of the earlier one when it is complete.
void require_replaceable(const RunFolder& run) {
    require_trials_alone(run);
    for (const RunFolder& passed : {whole(run), moving(run)}) require_nothing_at(passed.root);
    std::error_code code;
    if (fs::is_symlink(run.weights(), code)) {
        throw core::Error({.what = "the folder of weights is a link, in whose place no other can be put",
                           .where = run.weights().string(),
                           .remedy = kAnotherOutput});
    }
}

bool is_settled(const RunFolder& run) {
    return !is_run(whole(run)) && !is_run(moving(run));
}

bool is_this_run(const RunFolder& run, const Options& options) {
    return is_run(run) && config_differences(run, options).empty();
}

/// Removes the files of a run, and the run's own folders if nothing else is in them. config.yaml, which marks the files
/// as a run's, is removed last, so that the next command continues after a kill.
void remove_run(const RunFolder& run) {
    std::vector<fs::path> files = run.files();
    std::ranges::reverse(files);
    for (const fs::path& file : files) fs::remove_all(file);
    std::error_code code;
    for (const fs::path& folder : {run.weights(), run.root}) fs::remove(folder, code);
}

/// The run folder of an output path; does not make it. Throws if the path is a file.
RunFolder folder_at(const fs::path& output) {
    require_folder_or_nothing(output);
    return {output};
}

/// The folder in which a run of these options is to be made. The output folder must be settled. Changes nothing.
/// @throws core::Error as OpenedRun does
RunFolder place_of(const RunFolder& run, const Options& options) {
    if (options.resume || options.overwrite) require_run(run);
    const bool unused = nothing_trained(run);
    require_free_folder(
        run.root, options.resume || options.overwrite || unused,
        is_run(run) ? std::string("go on with resume=true, replace the run with overwrite=true, or ") + kAnotherOutput
                    : kAnotherOutput);
    if (unused || !is_run(run)) return run;
    if (options.resume) {
        const RunFolder resumed = resumed_run(options);
        if (resumed.root == run.root) {
            require_same_config(run, options, "resume with the same config, or start afresh with overwrite=true");
        }
        return resumed;
    }
    require_replaceable(run);
    require_run(run.replacement());
    return run.replacement();
}

/// Finds that folder and clears it. The output folder must be locked.
RunFolder cleared_place(const RunFolder& run, const Options& options) {
    settle(run);
    const RunFolder place = place_of(run, options);
    for (const RunFolder& ours : {run, run.replacement()}) {
        core::remove_partial_files(ours.root);
        core::remove_partial_files(ours.weights());
    }
    if (place.root != run.root && !options.resume) remove_run(place);
    return place;
}

}  // namespace

bool is_run(const RunFolder& folder) {
    std::error_code code;
    return fs::is_regular_file(folder.config(), code) && core::read_file(folder.config()).starts_with(kMark);
}

std::vector<fs::path> RunFolder::files() const {
    return {config(),     classes(), log(),    results(),     metrics(), per_class(), predictions(), splits(),
            candidates(), tuning(),  trials(), train_batch(), skipped(), best(),      last(),        state()};
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
    require_run(folder);
    if (!is_settled(folder)) {
        const core::FolderLock lock(folder.root, kAnotherOutput);
        settle(folder);
    }
    if (!is_run(folder) || nothing_trained(folder)) return RunStatus::kFree;
    if (is_this_run(folder, options)) {
        return fs::exists(folder.metrics()) ? RunStatus::kFinished : RunStatus::kUnfinished;
    }
    return is_this_run(folder.replacement(), options) ? RunStatus::kUnfinished : RunStatus::kOther;
}

void require_free_folder(const fs::path& folder, bool overwrite, const std::string& remedy) {
    require_folder_or_nothing(folder);
    if (!core::is_vacant(folder) && !overwrite) {
        throw core::Error({.what = "the output folder is not empty", .where = folder.string(), .remedy = remedy});
    }
}

RunFolder resumed_run(const Options& options) {
    const RunFolder run{options.output};
    return is_this_run(run.replacement(), options) ? run.replacement() : run;
}

std::vector<core::Problem> problems_of_output(const Options& options) {
    try {
        const RunFolder run = folder_at(options.output);
        if (is_settled(run)) place_of(run, options);
        core::require_writable(run.root);
    } catch (const core::Error& error) {
        return error.problems();
    }
    return {};
}

OpenedRun::OpenedRun(const Options& options)
    : root_{folder_at(options.output)}, lock_(root_.root, kAnotherOutput), folder_(cleared_place(root_, options)) {
    Options kept = options;
    kept.resume = false;
    kept.overwrite = false;
    core::make_folders(folder_.root);
    core::write_file(folder_.config(), kMark + core::config::to_yaml(kept));
    core::make_folders(folder_.weights());
}

OpenedRun::~OpenedRun() {
    try {
        if (folder_.root != root_.root && nothing_trained(folder_)) remove_run(folder_);
    } catch (const std::exception& error) {  // for example a full disk; the next command clears it
        core::log().warn("{}: cannot be cleared: {}", folder_.root.string(), error.what());
    }
}

RunFolder OpenedRun::finish() {
    if (folder_.root == root_.root) return folder_;
    fs::rename(folder_.root, whole(root_).root);
    folder_ = root_;
    settle(root_);
    return folder_;
}

}  // namespace kaziranga::training
