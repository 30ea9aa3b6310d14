#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "training/options.hpp"

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
    std::filesystem::path training_images() const { return root / "training_images.csv"; }
    std::filesystem::path candidates() const { return root / "candidates.csv"; }
    std::filesystem::path train_batch() const { return root / "train_batch.jpg"; }
    std::filesystem::path skipped() const { return root / "skipped.csv"; }
    std::filesystem::path best() const { return root / "weights" / "best.safetensors"; }
    std::filesystem::path last() const { return root / "weights" / "last.safetensors"; }
    std::filesystem::path state() const { return root / "weights" / "state.safetensors"; }
    /// Where the files of a run that is being replaced wait.
    std::filesystem::path replaced() const { return root / "replaced"; }

    /// Every file of a run that may be there, config.yaml first.
    std::vector<std::filesystem::path> files() const;
};

/// The files of a run that overwrite replaces: out of the way from open_run_folder on, back in their places when this
/// ends before the new run had something to keep. What a killed program left is put back when the folder is opened
/// again.
class ReplacedRun {
  public:
    explicit ReplacedRun(RunFolder folder) : folder_(std::move(folder)) {}
    ~ReplacedRun();
    ReplacedRun(const ReplacedRun&) = delete;
    ReplacedRun& operator=(const ReplacedRun&) = delete;

    /// Lets go of them for good.
    void drop() const;

  private:
    RunFolder folder_;
};

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

/// Makes the folder ready for a run and writes the resolved config into it.
/// @throws core::Error when it holds anything and neither resume nor overwrite was given, and when resume finds a
///         config that differs (each key named); overwrite moves the files of an earlier run aside (ReplacedRun) and
///         touches nothing else. A run that ended before it had trained anything does not count
RunFolder open_run_folder(const Options& options);

/// Refuses a folder that holds anything unless `overwrite`; makes it where it is missing.
void require_free_folder(const std::filesystem::path& folder, bool overwrite, const std::string& remedy);

}  // namespace kaziranga::training
