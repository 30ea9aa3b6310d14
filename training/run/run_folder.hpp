#pragma once

#include "core/error.hpp"
#include "core/lock.hpp"
#include "training/options.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace kaziranga::training {

/// The files of a run, by name.
struct RunFolder {
    std::filesystem::path root;

    std::filesystem::path config() const { return root / "config.yaml"; }
    std::filesystem::path classes() const { return root / "classes.txt"; }
    std::filesystem::path log() const { return root / "train.log"; }
    std::filesystem::path results() const { return root / "results.csv"; }
    std::filesystem::path metrics() const { return root / "metrics.json"; }
    std::filesystem::path per_class() const { return root / "per_class.csv"; }
    std::filesystem::path predictions() const { return root / "predictions.csv"; }
    std::filesystem::path splits() const { return root / "splits.csv"; }
    std::filesystem::path candidates() const { return root / "candidates.csv"; }
    std::filesystem::path tuning() const { return root / "tuning.csv"; }
    /// The run folders of what tune.grid tried.
    std::filesystem::path trials() const { return root / "trials"; }
    std::filesystem::path train_batch() const { return root / "train_batch.jpg"; }
    std::filesystem::path skipped() const { return root / "skipped.csv"; }
    std::filesystem::path weights() const { return root / "weights"; }
    std::filesystem::path best() const { return weights() / "best.safetensors"; }
    std::filesystem::path last() const { return weights() / "last.safetensors"; }
    std::filesystem::path state() const { return weights() / "state.safetensors"; }
    /// Where the run is made that replaces this one.
    RunFolder replacement() const { return {root / "replacement"}; }

    /// Every file of a run that may be there, config.yaml first.
    std::vector<std::filesystem::path> files() const;
};

/// Whether the folder holds a run, finished or not. @throws core::Error when its config.yaml cannot be read
bool is_run(const RunFolder& folder);

/// One key that a saved config and the options at hand say otherwise, each as "section.key: value".
struct ConfigDifference {
    std::string saved;
    std::string asked;
};

/// What the options say otherwise than the folder's config.yaml, what only says where or how a run is made left out.
/// @throws core::Error when config.yaml cannot be read
std::vector<ConfigDifference> config_differences(const RunFolder& folder, const Options& options);

/// @param remedy  what the user can do instead
/// @throws core::Error with each of the config_differences, when there are any
void require_same_config(const RunFolder& folder, const Options& options, const std::string& remedy);

/// What the output folder of options holds.
enum class RunStatus {
    kFree,        ///< nothing, or a run that ended before it had trained anything
    kUnfinished,  ///< this very run, to be gone on with
    kFinished,    ///< this very run, with its metrics
    kOther,       ///< a run of another config
};

/// @throws core::Error when the folder holds something else than a run, or a config.yaml that cannot be read
RunStatus run_status(const Options& options);

/// A run folder that this process alone writes into, ready for a run, the resolved config in it. What a killed program
/// left half written is removed.
///
/// Where overwrite replaces a run, the new one is made in replacement() and the earlier one stays what it is, until
/// finish() puts the new one in its place; nothing but the files of a run is touched. A replacement that was stopped is
/// gone on with by resume.
class OpenedRun {
  public:
    /// @throws core::Error when another process holds the folder; when it holds anything and neither resume nor
    ///         overwrite was given (a run that ended before it had trained anything does not count); and when resume
    ///         finds a config that differs, each key named
    explicit OpenedRun(const Options& options);
    /// Leaves nothing of a replacement that ended before it had trained anything.
    ~OpenedRun();
    OpenedRun(const OpenedRun&) = delete;
    OpenedRun& operator=(const OpenedRun&) = delete;

    /// Where the run is made.
    const RunFolder& folder() const { return folder_; }

    /// The run is whole: puts it in the place of the one that it replaces. @return where it is now
    RunFolder finish();

  private:
    RunFolder root_;
    core::FolderLock lock_;
    RunFolder folder_;
};

/// Where resume goes on: the run in the output folder, or the one that was to replace it.
RunFolder resumed_run(const Options& options);

/// What OpenedRun would refuse, but for another process that holds the folder. Changes nothing.
std::vector<core::Problem> faults_of_output(const Options& options);

/// Refuses a file, and a folder that holds anything unless `overwrite`.
void require_free_folder(const std::filesystem::path& folder, bool overwrite, const std::string& remedy);

}  // namespace kaziranga::training
