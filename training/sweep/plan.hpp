#pragma once

#include "core/config/description.hpp"
#include "training/options.hpp"
#include "training/sweep/options.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace kaziranga::training {

/// The tables of a sweep, by name.
inline constexpr const char* kRunsTable = "sweep.csv";
inline constexpr const char* kSummaryTable = "summary.csv";
inline constexpr const char* kSummaryPage = "summary.md";

/// One variant of a sweep; the others are compared with the first.
struct Variant {
    std::string name;
    std::string folder;               ///< one plain path component
    core::config::Strings overrides;  ///< key=value
};

/// Returns the named variants, or those of the grid, with the last key varying fastest.
/// @throws core::Error with every problem: names that cannot be folders or are those of the tables, keys that belong to
///         the sweep itself, more combinations than kMostRuns
std::vector<Variant> variants_of(const SweepOptions& options);

/// More runs are probably a mistake in a list.
inline constexpr int64_t kMostRuns = 10'000;

/// One training of a sweep.
struct PlannedRun {
    size_t variant = 0;
    size_t draw = 0;  ///< index of its value in shots; 0 if the sweep gives none
    int64_t seed = 0;
    Options options;
    bool finished = false;  ///< its folder already holds the finished run
};

struct SweepPlan {
    std::filesystem::path output;
    double confidence = 0.95;
    std::vector<Variant> variants;
    std::vector<PlannedRun> runs;  ///< by shots, seed, variant, so that pairs are complete as early as possible
};

/// Resolves every run of a sweep and looks into its folder; nothing is written.
/// @param file  the sweep's own file; `base` is relative to its folder
/// @throws core::Error with every problem of every variant at once, each under the variant's name
SweepPlan plan_sweep(const SweepOptions& options, const std::filesystem::path& file);

}  // namespace kaziranga::training
