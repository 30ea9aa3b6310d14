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

/// The result of a finished run.
struct SweepResult {
    size_t variant = 0;
    size_t draw = 0;
    int64_t seed = 0;
    int64_t shots = 0;            ///< training images per class; 0: all
    std::string split;            ///< the split on which it is judged: test, or val if there is no test split
    evaluation::Metrics metrics;  ///< on that split
    double seconds = 0;
    evaluation::RunRecord record;                            ///< the contents of the run's metrics.json
    core::Hash128 images;                                    ///< hash of the names of the judged images
    std::shared_ptr<const evaluation::JudgedImages> judged;  ///< the judged images, in the order of their names
    std::vector<bool> hits;                                  ///< true for each image that got its label, in that order
};

/// Reads the result from the run's folder.
/// @throws core::Error when the folder's records are damaged, or when there was nothing to judge the run on
SweepResult read_result(const PlannedRun& run);

/// One variant with one value of shots. Top-1 is in percent; differences are in percentage points.
struct SummaryRow {
    std::string variant;
    int64_t shots = 0;
    int64_t runs = 0;
    evaluation::Metrics mean;  ///< mean over the runs; n is that of the first
    double seconds = 0;        ///< mean over the runs
    bool over_runs = false;    ///< intervals over runs (other seeds); else over the images of one run (other images)
    evaluation::Interval top1;
    /// Variant minus the first variant, paired by seed, and by image if there is only one run. None for the first
    /// variant, and if the two were judged on different images.
    std::optional<evaluation::Interval> difference;
    evaluation::Spread top1_spread;                       ///< of the runs' top-1
    std::optional<evaluation::Spread> difference_spread;  ///< of the difference; none if there is no difference
};

/// @param results  of the finished runs, in any order
/// @return         rows by variant, then shots, without those that have no finished run
std::vector<SummaryRow> summarise(const SweepPlan& plan, const std::vector<SweepResult>& results);

/// The CSV table `variant,shots,seed,split,n,top1,top5,loss,macro_f1,ece,seconds`, one line per run, sorted by variant,
/// shots and seed.
std::string runs_csv(const SweepPlan& plan, const std::vector<SweepResult>& results);

/// The CSV table with one line per row:
/// `variant,shots,runs,top1,top1_half_width,interval_over,top5,loss,macro_f1,ece,seconds,difference,
/// difference_low,difference_high,test_images`, then for each of the prefixes `top1_` and `difference_` the columns
/// `sd_draws,se_images,se_classes,same_classes_low,same_classes_high,other_classes_low,other_classes_high`.
/// Missing values are empty.
std::string summary_csv(const std::vector<SummaryRow>& rows);

/// The summary as a readable table: a heading and one line per row.
std::vector<std::vector<std::string>> summary_cells(const std::vector<SummaryRow>& rows);

/// The sources of the differences' uncertainty as a readable table: a heading and one line per row that has a
/// difference.
std::vector<std::vector<std::string>> spread_cells(const std::vector<SummaryRow>& rows);

/// A Markdown page with the summary and the meaning of its figures.
std::string summary_markdown(const SweepPlan& plan, const std::vector<SummaryRow>& rows, size_t finished);

}  // namespace kaziranga::training
