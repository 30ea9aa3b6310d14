#pragma once

#include "studies/reproduce/options.hpp"
#include "training/options.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace kaziranga::studies {

/// The ways of training that every reproduction compares; the depths of freezing are between `frozen` and `fine_tuned`.
inline constexpr const char* kScratch = "scratch";
inline constexpr const char* kRandomFeatures = "random_features";
inline constexpr const char* kFrozen = "frozen";
inline constexpr const char* kFineTuned = "fine_tuned";
inline constexpr const char* kLpFt = "lp_ft";

/// A way of training.
struct Arm {
    std::string name;  ///< "scratch", "freeze_2": the first two stages are frozen
    core::config::Strings overrides;
    core::config::Strings freezes = {};  ///< additional overrides, for a depth of freezing
    std::string settings_of;  ///< the arm whose chosen settings it uses: itself, or fine_tuned for depths of freezing

    /// True if it starts from the source's weights.
    bool of_source() const;
};

/// All arms, in the order of the report, with the depths of freezing if these are requested.
std::vector<Arm> arms_of(const ReproduceOptions& options);

/// Number of stages of the network, including the parts before the first and after the last.
int64_t stages_of(const ReproduceOptions& options);

/// The starting point of an arm.
struct Source {
    std::string weights = "random";  ///< as model.weights
    std::string key = "none";        ///< distinguishes its weights from others
    double top1 = -1;                ///< on its own validation images, percent; -1: not measured
    double seconds = 0;
};

/// One training of one arm, and its place in the comparison.
struct ArmRun {
    std::string arm;
    size_t source = 0;  ///< index into the sources; 0 if the arm does not start from one
    double shift = 0;
    int64_t shots = 0;
    int64_t seed = 0;
    training::Options options;
};

/// The training of the source with one of its seeds.
training::Options pretraining(const ReproduceOptions& options, int64_t seed);

/// Fills in run.options.
/// @param settings  key=value pairs that were chosen for the arm and replace its tune.grid; null: the run chooses them
void resolve(const ReproduceOptions& options, const Arm& arm, const Source& source,
             const core::config::Strings* settings, ArmRun& run);

/// Resolves the source's training and every arm; writes nothing.
/// @throws core::Error with every problem of each
void check_arms(const ReproduceOptions& options);

/// Writes the records of the made-up parks.
void write_parks(const ReproduceOptions& options);

/// The folder of a park's park.json.
std::filesystem::path olympic_folder(const ReproduceOptions& options);
std::filesystem::path kaziranga_folder(const ReproduceOptions& options, double shift);

/// A short hash that distinguishes a few items in folder names.
std::string short_hash(const std::string& bytes);

}  // namespace kaziranga::studies
