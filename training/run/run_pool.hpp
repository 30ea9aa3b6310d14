#pragma once

#include "training/options.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace kaziranga::training {

/// A training among many.
struct PooledRun {
    std::string called;  ///< in the log
    Options options;
};

/// How many trainings to do at a time: `asked`, or for 0 one a processor, and one at a time on a GPU.
int64_t resolve_jobs(int64_t asked, const std::string& device);

/// Trains runs that do not wait for one another, `jobs` at a time. With more than one, each is this program's `train`
/// in a process of its own, and they share the processors: one thread each, unless options say otherwise. A step of a
/// small network on one thread a run takes less of the processors than on several, which wait for each other.
/// @param finished  called with the place of each run that was finished, from the calling thread
/// @throws core::Error naming the run that failed, when those beside it have stopped; core::Interrupted after all have
///         saved
void train_all(
    const std::vector<PooledRun>& runs, int64_t jobs, const std::function<void(size_t)>& finished = [](size_t) {});

}  // namespace kaziranga::training
