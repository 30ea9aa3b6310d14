#pragma once

#include "evaluation/variance_components.hpp"
#include "studies/reproduce/arms.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace kaziranga::studies {

/// Top-1 in percent and loss in nats after some of the epochs, on training images as in classification and on test
/// images. All vectors have the same length.
struct Curve {
    std::vector<double> epochs, train, test, train_loss, test_loss;
};

/// A finished run.
struct ArmResult {
    ArmRun run;
    double top1 = 0;        ///< percent, on the test images
    double train_top1 = 0;  ///< percent
    double seconds = 0;     ///< from scratch: features, training and solving of a head; without
                            ///< stops, without measuring by epoch, and without the search for its settings
    std::shared_ptr<const evaluation::JudgedImages> images;  ///< the test images, in the order of their names
    std::vector<double> hits;                                ///< 0 or 1 for each image
    Curve curve;  ///< empty if the arm has no epochs or they were not measured
};

/// The settings of an arm in addition to the options.
struct Settings {
    core::config::Strings chosen;  ///< key=value; empty if there was nothing to choose
    size_t trials = 0;
    double seconds = 0;  ///< of the search
};

/// The results of run_arms. It trains all unfinished runs in the folders below `output` and reads the finished ones:
/// the sources, the runs that choose an arm's settings, then all others. After a stop it continues the runs that were
/// in progress. An arm is trained again if its config or its source has changed; a finished source is never replaced.
struct Reproduction {
    std::vector<Source> sources;
    std::map<std::string, Settings> settings;  ///< of each arm that has a tune.grid
    std::vector<ArmResult> results;
};

/// @throws core::Error for problems that the user can solve; core::Interrupted after saving
Reproduction run_arms(const ReproduceOptions& options);

}  // namespace kaziranga::studies
