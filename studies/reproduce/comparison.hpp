#pragma once

#include "evaluation/intervals.hpp"
#include "studies/reproduce/runs.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace kaziranga::studies {

/// A mean over sources, seeds and test images, and the components of its uncertainty, in the unit of the mean.
struct Estimate {
    evaluation::Interval interval;
    std::optional<double> sd_seeds;    ///< standard deviation of a seed's mean over sources; needs 2 seeds
    std::optional<double> sd_sources;  ///< of a source's mean over seeds; needs 2 sources
    std::optional<double> se_images;   ///< standard error from the finite test images
};

/// Runs of one arm at one place of the comparison, by source and seed; one source if the arm does not start from one.
using Runs = std::vector<std::vector<const ArmResult*>>;

/// A number computed from one run.
using RunFigure = std::function<double(const ArmResult&)>;

/// Compares the runs of a reproduction. Seeds, sources and test images count as drawn at random: an interval covers
/// others of all three, if the comparison has several of them. It is the interval of evaluation::spread_of over seeds
/// and images, with each image's mean over the sources, widened by the variance that the sources add:
///     V_S - V_SJ,  V_S = Σ_s (M_s - M)² / (S (S - 1)),  V_SJ the same of their interaction with the J seeds,
/// which counts as zero if it is negative (Searle, Casella, McCulloch 1992, chapter 4). With a single seed it is over
/// images alone.
class Comparison {
  public:
    Comparison(const ReproduceOptions& options, const Reproduction& all) : o_(options), all_(all) {}

    /// The runs at the nearest shift and with the most images per class.
    Runs main(const std::string& arm) const;
    /// The runs with the seeds of the curves, so that all places of a curve have the same seeds.
    Runs of_curve(const std::string& arm, double shift, int64_t shots) const;

    /// Top-1 on the test images, percent.
    Estimate top1(const Runs& runs) const;
    /// Top-1 of `a` minus top-1 of `b` in percentage points, run by run and image by image.
    Estimate advantage(const Runs& a, const Runs& b) const;

    /// The interval of a figure of whole runs, over seeds and sources; none for a single run.
    std::optional<evaluation::Interval> over_runs(const Runs& runs, const RunFigure& figure) const;
    /// The interval of the figure's difference, run by run.
    std::optional<evaluation::Interval> over_runs(const Runs& a, const Runs& b, const RunFigure& figure) const;
    static double mean(const Runs& runs, const RunFigure& figure);

    /// "3 seeds and 2000 test images": the samples behind the intervals of top-1.
    std::string over(size_t seeds) const;
    /// "3 seeds", "2 sources and 3 seeds": the samples behind `over_runs`; of two arms, those of more sources.
    static std::string whole_runs(const Runs& runs);

  private:
    using Table = std::vector<std::vector<double>>;  ///< [sources][seeds]

    Runs runs_of(const std::string& arm, double shift, int64_t shots, const core::config::Numbers& seeds) const;
    /// @param values  of each image of each run
    Estimate estimate(const Runs& runs, const std::function<std::vector<double>(size_t s, size_t j)>& values) const;
    std::optional<evaluation::Interval> over_table(const Table& table) const;

    const ReproduceOptions& o_;
    const Reproduction& all_;
};

}  // namespace kaziranga::studies
