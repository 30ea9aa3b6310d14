#pragma once

#include "training/options.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace kaziranga::training {

/// One of many trainings.
struct PooledRun {
    std::string called;  ///< the name in the log
    Options options;
};

/// The number of trainings to run at a time: `asked`, or for 0 one per processor, and one on a GPU.
int64_t resolve_jobs(int64_t asked, const std::string& device);

/// Trains independent runs, `jobs` at a time. With more than one job, each run is this program's `train` in its own
/// process, and the runs share the processors: with one job per processor each has one thread, unless options say
/// otherwise. A step of a small network uses less processor time on one thread than on several, which wait for each
/// other.
/// @param finished  called with the index of each finished run, from the calling thread
/// @throws core::Error naming the run that failed, when the other running ones have stopped; core::Interrupted after
///         all have saved
void train_all(
    const std::vector<PooledRun>& runs, int64_t jobs, const std::function<void(size_t)>& finished = [](size_t) {});

}  // namespace kaziranga::training
