#pragma once

#include "studies/reproduce_options.hpp"
#include "training/sweep_tables.hpp"

#include <array>
#include <filesystem>
#include <string>
#include <vector>

namespace kaziranga::studies {

enum class Arm { kScratch, kFrozen, kFineTuned, kLpFt };
inline constexpr std::array<Arm, 4> kArms = {Arm::kScratch, Arm::kFrozen, Arm::kFineTuned, Arm::kLpFt};
/// Its name, as in the options.
const char* name_of(Arm arm);

/// One training of one arm, and where it stands in the comparison.
struct ArmRun {
    Arm arm = Arm::kScratch;
    double shift = 0;
    int64_t shots = 0;
    int64_t seed = 0;
    training::Options options;
};

/// Top-1 by epoch, percent; train and test as long as each other.
struct Curve {
    std::vector<double> train, test;
};

/// A finished run.
struct ArmResult {
    ArmRun run;
    double top1 = 0;           ///< percent, on the test images
    double train_top1 = 0;     ///< percent
    double seconds = 0;        ///< of its features, and of its training without stops and without measuring by epoch
    std::vector<double> hits;  ///< 0 or 1 of each test image, in the order of their names
    core::Hash128 images;      ///< of their names
    Curve curve;               ///< empty where the arm has no epochs or they were not measured
};

/// What the source came to.
struct Source {
    std::string weights;  ///< as model.weights
    std::string key;      ///< tells its weights from others'
    double top1 = -1;     ///< on its own validation images, percent; -1: not measured
    double seconds = 0;
};

/// Trains what is not finished, in the folders below `output`, and reads what is: the source first, then every arm with
/// every seed, then the curves. Stopped at any moment, it goes on with the run it was in; an arm whose config has
/// changed, or whose source has, is made anew; a source is never made anew over a finished one.
struct Reproduction {
    Source source;
    std::vector<ArmResult> results;
};

/// Resolves the source's training and every arm; nothing is written.
/// @throws core::Error with every fault of each
void check_arms(const ReproduceOptions& options);

/// @throws core::Error for what the user can mend; core::Interrupted after saving
Reproduction run_arms(const ReproduceOptions& options);

/// The folder of a park's park.json.
std::filesystem::path olympic_folder(const ReproduceOptions& options);
std::filesystem::path kaziranga_folder(const ReproduceOptions& options, double shift);

}  // namespace kaziranga::studies
