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
    /// The run folders of the settings that tune.grid tried.
    std::filesystem::path trials() const { return root / "trials"; }
    std::filesystem::path train_batch() const { return root / "train_batch.jpg"; }
    std::filesystem::path skipped() const { return root / "skipped.csv"; }
    std::filesystem::path weights() const { return root / "weights"; }
    std::filesystem::path best() const { return weights() / "best.safetensors"; }
    std::filesystem::path last() const { return weights() / "last.safetensors"; }
    std::filesystem::path state() const { return weights() / "state.safetensors"; }
    /// The folder in which a run is made that will replace this one.
    RunFolder replacement() const { return {root / "replacement"}; }

    /// All files that a run may have, config.yaml first.
    std::vector<std::filesystem::path> files() const;
};

/// True if the folder holds a run, finished or not. @throws core::Error when its config.yaml cannot be read
bool is_run(const RunFolder& folder);

/// A key with different values in a saved config and in the current options, each as "section.key: value".
struct ConfigDifference {
    std::string saved;
    std::string asked;
};

/// The differences between the options and the folder's config.yaml, without keys that only say where or how a run is
/// made.
/// @throws core::Error when config.yaml cannot be read
std::vector<ConfigDifference> config_differences(const RunFolder& folder, const Options& options);

/// @param remedy  what the user can do instead
/// @throws core::Error with each of the config_differences, when there are any
void require_same_config(const RunFolder& folder, const Options& options, const std::string& remedy);

/// The contents of the output folder of options.
enum class RunStatus {
    kFree,        ///< nothing, or a run that ended before it trained anything
    kUnfinished,  ///< this run, which can be resumed
    kFinished,    ///< this run, with its metrics
    kOther,       ///< a run of another config
};

/// @throws core::Error when the folder holds something else than a run, or a config.yaml that cannot be read
RunStatus run_status(const Options& options);

/// A run folder that only this process writes into. It is ready for a run, with the resolved config in it. Files that a
/// killed program left incomplete are removed.
///
/// If overwrite replaces a run, the new run is made in replacement(). The earlier run stays as it is until finish()
/// puts the new one in its place. Only files of a run are touched. resume continues a replacement that was stopped.
class OpenedRun {
  public:
    /// @throws core::Error when another process holds the folder; when it holds anything and neither resume nor
    ///         overwrite was given (a run that ended before it had trained anything does not count); and when resume
    ///         finds a config that differs, each key named
    explicit OpenedRun(const Options& options);
    /// Removes a replacement that ended before it trained anything.
    ~OpenedRun();
    OpenedRun(const OpenedRun&) = delete;
    OpenedRun& operator=(const OpenedRun&) = delete;

    /// The folder in which the run is made.
    const RunFolder& folder() const { return folder_; }

    /// Call this when the run is complete. Puts it in the place of the run that it replaces. @return its folder now
    RunFolder finish();

  private:
    RunFolder root_;
    core::FolderLock lock_;
    RunFolder folder_;
};

/// The run that resume continues: the run in the output folder, or its unfinished replacement.
RunFolder resumed_run(const Options& options);

/// The problems that OpenedRun would refuse, except another process that holds the folder. Changes nothing.
std::vector<core::Problem> problems_of_output(const Options& options);

/// Refuses a file, and a folder that holds anything unless `overwrite`.
void require_free_folder(const std::filesystem::path& folder, bool overwrite, const std::string& remedy);

}  // namespace kaziranga::training
