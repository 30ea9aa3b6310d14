#pragma once

#include "training/sweep/plan.hpp"
#include "training/sweep/tables.hpp"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace kaziranga::training {

/// The result of a sweep.
struct SweepOutcome {
    std::vector<SummaryRow> rows;
    int64_t trained = 0;         ///< runs trained by this call
    int64_t already = 0;         ///< runs that were finished before
    std::filesystem::path page;  ///< the readable table
};

/// Trains the unfinished runs one by one, and writes the tables again after each. If it is stopped at any moment and
/// called again with a new plan, it continues with the interrupted run.
/// @throws core::Error for problems that the user can fix, naming the run; core::Interrupted after saving
SweepOutcome run_sweep(const SweepPlan& plan);

}  // namespace kaziranga::training
