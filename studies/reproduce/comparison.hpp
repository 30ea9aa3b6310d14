#pragma once

#include "evaluation/intervals.hpp"
#include "studies/reproduce/runs.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace kaziranga::studies {

/// A mean over sources, seeds and test images, and where its uncertainty comes from, in the unit of the mean.
struct Estimate {
    evaluation::Interval interval;
    std::optional<double> sd_seeds;    ///< standard deviation of a seed's mean over sources; takes 2 seeds
    std::optional<double> sd_sources;  ///< of a source's mean over seeds; takes 2 sources
    std::optional<double> se_images;   ///< standard error from the finite test images
};

/// Runs of one arm at one place of the comparison, by source and seed; one source where the arm starts from none.
using Runs = std::vector<std::vector<const ArmResult*>>;

/// A figure of one run.
using RunFigure = std::function<double(const ArmResult&)>;

/// The runs of a reproduction, put side by side. Seeds, sources and test images are taken as drawn at random: an
/// interval says what others of all three would give, as far as the comparison has several of them. It is that of
/// evaluation::spread_of over seeds and images, each image's mean over the sources, widened by what the sources add:
///     V_S - V_SJ,  V_S = Σ_s (M_s - M)² / (S (S - 1)),  V_SJ the same of their interaction with the J seeds,
/// which counts as nothing where it is negative (Searle, Casella, McCulloch 1992, chapter 4). With a single seed it is
/// over images alone.
class Comparison {
  public:
    Comparison(const ReproduceOptions& options, const Reproduction& all) : o_(options), all_(all) {}

    /// At the nearest shift and with the most images a class.
    Runs main(const std::string& arm) const;
    /// With the seeds of the curves, so that all places of a curve have the same.
    Runs of_curve(const std::string& arm, double shift, int64_t shots) const;

    /// Of top-1 on the test images, percent.
    Estimate top1(const Runs& runs) const;
    /// Percentage points of top-1 of `a` above `b`, run by run and image by image.
    Estimate advantage(const Runs& a, const Runs& b) const;

    /// Of a figure that runs have as wholes: over seeds and sources; none of a single run.
    std::optional<evaluation::Interval> over_runs(const Runs& runs, const RunFigure& figure) const;
    /// Of its difference run by run.
    std::optional<evaluation::Interval> over_runs(const Runs& a, const Runs& b, const RunFigure& figure) const;
    static double mean(const Runs& runs, const RunFigure& figure);

    /// "3 seeds and 2000 test images": what intervals of top-1 are over.
    std::string over(size_t seeds) const;
    /// "3 seeds", "2 sources and 3 seeds": what those of `over_runs` are over; of two arms that of more sources.
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
