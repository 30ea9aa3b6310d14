#pragma once

#include "core/hash.hpp"
#include "evaluation/intervals.hpp"
#include "evaluation/metrics.hpp"
#include "evaluation/read_records.hpp"
#include "evaluation/variance_components.hpp"
#include "training/sweep/plan.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace kaziranga::training {

/// What a finished run came to.
struct SweepResult {
    size_t variant = 0;
    size_t draw = 0;
    int64_t seed = 0;
    int64_t shots = 0;            ///< training images a class; 0: all
    std::string split;            ///< the one it is judged on: test, or val without one
    evaluation::Metrics metrics;  ///< on that split
    double seconds = 0;
    evaluation::RunRecord record;                            ///< all that the run's metrics.json says
    core::Hash128 images;                                    ///< of the names of the images it was judged on
    std::shared_ptr<const evaluation::JudgedImages> judged;  ///< these, in the order of their names
    std::vector<bool> hits;                                  ///< whether each got its label, in that order
};

/// Reads it from the run's folder.
/// @throws core::Error when the folder's records are damaged, or there was nothing to judge the run on
SweepResult read_result(const PlannedRun& run);

/// One variant with one value of shots. Percent are those of top-1; differences are in percentage points.
struct SummaryRow {
    std::string variant;
    int64_t shots = 0;
    int64_t runs = 0;
    evaluation::Metrics mean;  ///< over the runs; n is that of the first
    double seconds = 0;        ///< mean over the runs
    bool over_runs = false;    ///< intervals over runs: other seeds; else over the images of one run: other images
    evaluation::Interval top1;
    /// Variant minus the first variant, paired by seed, and by image where there is one run. None for the first
    /// variant, and where the two were judged on other images.
    std::optional<evaluation::Interval> difference;
    evaluation::Spread top1_spread;                       ///< of the runs' top-1
    std::optional<evaluation::Spread> difference_spread;  ///< of the difference; none where that is none
};

/// @param results  of the runs that are finished, in any order
/// @return         by variant, then shots, those with no finished run left out
std::vector<SummaryRow> summarise(const SweepPlan& plan, const std::vector<SweepResult>& results);

/// `variant,shots,seed,split,n,top1,top5,loss,macro_f1,ece,seconds`, a line a run, by variant, shots and seed.
std::string runs_csv(const SweepPlan& plan, const std::vector<SweepResult>& results);

/// A line a row: `variant,shots,runs,top1,top1_half_width,interval_over,top5,loss,macro_f1,ece,seconds,difference,
/// difference_low,difference_high,test_images`, then of `top1_` and of `difference_` each `sd_draws,se_images,
/// se_classes,same_classes_low,same_classes_high,other_classes_low,other_classes_high`; what is none is empty.
std::string summary_csv(const std::vector<SummaryRow>& rows);

/// The summary as people read it: a heading and a line a row.
std::vector<std::vector<std::string>> summary_cells(const std::vector<SummaryRow>& rows);

/// Where the differences' uncertainty comes from, as people read it: a heading and a line a row that has a difference.
std::vector<std::vector<std::string>> spread_cells(const std::vector<SummaryRow>& rows);

/// A Markdown page of the summary and what its figures mean.
std::string summary_markdown(const SweepPlan& plan, const std::vector<SummaryRow>& rows, size_t finished);

}  // namespace kaziranga::training
