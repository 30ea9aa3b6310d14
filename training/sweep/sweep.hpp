#pragma once

#include "training/sweep/plan.hpp"
#include "training/sweep/tables.hpp"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace kaziranga::training {

/// What a sweep came to.
struct SweepOutcome {
    std::vector<SummaryRow> rows;
    int64_t trained = 0;         ///< runs trained now
    int64_t already = 0;         ///< runs that were finished before
    std::filesystem::path page;  ///< the readable table
};

/// Trains what is not finished, run by run, and writes the tables anew after each. Stopped at any moment and called
/// with the plan made anew, it goes on with the run it was in.
/// @throws core::Error for what the user can mend, the run named; core::Interrupted after saving
SweepOutcome run_sweep(const SweepPlan& plan);

}  // namespace kaziranga::training
