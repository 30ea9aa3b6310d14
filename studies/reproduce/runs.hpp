#pragma once

#include "evaluation/variance_components.hpp"
#include "studies/reproduce/arms.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace kaziranga::studies {

/// Top-1 in percent and loss in nats after some of the epochs, on training images as they are classified and on test
/// images; all of one length.
struct Curve {
    std::vector<double> epochs, train, test, train_loss, test_loss;
};

/// A finished run.
struct ArmResult {
    ArmRun run;
    double top1 = 0;        ///< percent, on the test images
    double train_top1 = 0;  ///< percent
    double seconds = 0;     ///< of its features and its training, the solving of a head included, from nothing; without
                            ///< stops, without measuring by epoch, and without the search for its settings
    std::shared_ptr<const evaluation::JudgedImages> images;  ///< the test images, in the order of their names
    std::vector<double> hits;                                ///< 0 or 1 of each
    Curve curve;  ///< empty where the arm has no epochs or they were not measured
};

/// What an arm trains with beside what the options say.
struct Settings {
    core::config::Strings chosen;  ///< key=value; empty where there was nothing to choose
    size_t trials = 0;
    double seconds = 0;  ///< of the search
};

/// Trains what is not finished, in the folders below `output`, and reads what is: the sources, the runs that choose an
/// arm's settings, then all others. Stopped at any moment, it goes on with the runs it was in; an arm whose config has
/// changed, or whose source has, is made anew; a source is never made anew over a finished one.
struct Reproduction {
    std::vector<Source> sources;
    std::map<std::string, Settings> settings;  ///< of each arm that has a tune.grid
    std::vector<ArmResult> results;
};

/// @throws core::Error for what the user can mend; core::Interrupted after saving
Reproduction run_arms(const ReproduceOptions& options);

}  // namespace kaziranga::studies
