#pragma once

#include "studies/reproduce/options.hpp"
#include "training/options.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace kaziranga::studies {

/// The ways of training that every reproduction compares; between `frozen` and `fine_tuned` lie the depths of freezing.
inline constexpr const char* kScratch = "scratch";
inline constexpr const char* kRandomFeatures = "random_features";
inline constexpr const char* kFrozen = "frozen";
inline constexpr const char* kFineTuned = "fine_tuned";
inline constexpr const char* kLpFt = "lp_ft";

/// A way of training.
struct Arm {
    std::string name;  ///< "scratch", "freeze_2": the first two stages are frozen
    core::config::Strings overrides;
    core::config::Strings freezes = {};  ///< on top of them, of a depth of freezing
    std::string settings_of;  ///< the arm whose chosen settings it takes: itself, or fine_tuned for depths of freezing

    /// Whether it starts from the source's weights.
    bool of_source() const;
};

/// All of them, in the order in which they are told: depths of freezing where they are asked for.
std::vector<Arm> arms_of(const ReproduceOptions& options);

/// Stages of the network, what lies before the first and behind the last among them.
int64_t stages_of(const ReproduceOptions& options);

/// What an arm starts from.
struct Source {
    std::string weights = "random";  ///< as model.weights
    std::string key = "none";        ///< tells its weights from others'
    double top1 = -1;                ///< on its own validation images, percent; -1: not measured
    double seconds = 0;
};

/// One training of one arm, and where it stands in the comparison.
struct ArmRun {
    std::string arm;
    size_t source = 0;  ///< index into the sources; 0 where the arm does not start from one
    double shift = 0;
    int64_t shots = 0;
    int64_t seed = 0;
    training::Options options;
};

/// The training of the source with one of its seeds.
training::Options pretraining(const ReproduceOptions& options, int64_t seed);

/// Fills in run.options.
/// @param settings  key=value that were chosen for the arm, in place of its tune.grid; null: the run chooses itself
void resolve(const ReproduceOptions& options, const Arm& arm, const Source& source,
             const core::config::Strings* settings, ArmRun& run);

/// Resolves the source's training and every arm; nothing is written.
/// @throws core::Error with every fault of each
void check_arms(const ReproduceOptions& options);

/// Writes the records of the made-up parks.
void write_parks(const ReproduceOptions& options);

/// The folder of a park's park.json.
std::filesystem::path olympic_folder(const ReproduceOptions& options);
std::filesystem::path kaziranga_folder(const ReproduceOptions& options, double shift);

/// Enough of a hash to tell a handful of things apart in the name of a folder.
std::string short_hash(const std::string& bytes);

}  // namespace kaziranga::studies
