#include "studies/reproduce/comparison.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <c10/util/Exception.h>
#include <fmt/format.h>

namespace kaziranga::studies {
namespace {

using evaluation::Interval;

constexpr double kPercent = 100;

double mean_of(const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// The components of a table of figures by source and seed.
struct Crossed {
    std::vector<double> by_source, by_seed;  ///< means
    double mean = 0;
    double sources = 0, seeds = 0, both = 0;  ///< V_S, V_J, V_SJ: contributions to the variance of the mean; 0 for one
};

/// Σ (x - mean)² / (n (n - 1)); 0 for one value.
double variance_of_mean(const std::vector<double>& values) {
    if (values.size() < 2) return 0;
    const double mean = mean_of(values);
    double sum = 0;
    for (const double x : values) sum += (x - mean) * (x - mean);
    return sum / static_cast<double>(values.size() * (values.size() - 1));
}

Crossed crossed(const std::vector<std::vector<double>>& table) {
    Crossed c;
    const size_t sources = table.size(), seeds = table.front().size();
    for (const std::vector<double>& row : table) c.by_source.push_back(mean_of(row));
    for (size_t j = 0; j < seeds; ++j) {
        double sum = 0;
        for (const std::vector<double>& row : table) sum += row[j];
        c.by_seed.push_back(sum / static_cast<double>(sources));
    }
    c.mean = mean_of(c.by_source);
    c.sources = variance_of_mean(c.by_source);
    c.seeds = variance_of_mean(c.by_seed);
    if (sources < 2 || seeds < 2) return c;
    double sum = 0;
    for (size_t s = 0; s < sources; ++s) {
        for (size_t j = 0; j < seeds; ++j) {
            const double rest = table[s][j] - c.by_source[s] - c.by_seed[j] + c.mean;
            sum += rest * rest;
        }
    }
    c.both = sum / static_cast<double>((sources - 1) * (seeds - 1) * sources * seeds);
    return c;
}

std::optional<double> deviation(double variance_of_the_mean, size_t count) {
    if (count < 2) return std::nullopt;
    return std::sqrt(variance_of_the_mean * static_cast<double>(count));
}

double quantile(double confidence, size_t count) {
    return evaluation::student_t_quantile((1 + confidence) / 2, static_cast<int64_t>(count) - 1);
}

/// The run at a source and a seed; the arm may start from no source.
const ArmResult& at(const Runs& runs, size_t source, size_t seed) {
    return *runs[runs.size() == 1 ? 0 : source][seed];
}

}  // namespace

Runs Comparison::runs_of(const std::string& arm, double shift, int64_t shots,
                         const core::config::Numbers& seeds) const {
    Runs runs;
    for (const ArmResult& r : all_.results) {
        if (r.run.arm != arm || r.run.shift != shift || r.run.shots != shots) continue;
        if (std::ranges::count(seeds, r.run.seed) == 0) continue;
        if (runs.size() <= r.run.source) runs.resize(r.run.source + 1);
        runs[r.run.source].push_back(&r);
    }
    for (auto& row : runs) std::ranges::sort(row, {}, [](const ArmResult* r) { return r->run.seed; });
    return runs;
}

Runs Comparison::main(const std::string& arm) const {
    return runs_of(arm, o_.shifts.front(), o_.shots.back(), o_.seeds);
}

Runs Comparison::of_curve(const std::string& arm, double shift, int64_t shots) const {
    return runs_of(arm, shift, shots, o_.curve_seeds);
}

Estimate Comparison::estimate(const Runs& runs,
                              const std::function<std::vector<double>(size_t, size_t)>& values) const {
    const size_t sources = runs.size(), seeds = runs.front().size();
    Table table(sources);
    std::vector<evaluation::Draw> draws;
    for (size_t j = 0; j < seeds; ++j) {
        std::vector<double> sum;
        for (size_t s = 0; s < sources; ++s) {
            const std::vector<double> of_run = values(s, j);
            table[s].push_back(mean_of(of_run));
            sum.resize(of_run.size());
            for (size_t i = 0; i < sum.size(); ++i) sum[i] += of_run[i] / static_cast<double>(sources);
        }
        draws.push_back({runs.front()[j]->images, std::move(sum)});
    }
    const Crossed parts = crossed(table);
    Estimate estimate{.sd_seeds = deviation(parts.seeds, seeds), .sd_sources = deviation(parts.sources, sources)};
    const evaluation::Spread spread = evaluation::spread_of(draws, 0, o_.confidence);
    estimate.se_images = spread.se_images;
    estimate.interval = spread.same_classes.value_or(evaluation::normal_interval(draws.front().values, o_.confidence));
    if (sources > 1) {
        const double added = std::sqrt(std::max(0.0, parts.sources - parts.both)) * quantile(o_.confidence, sources);
        estimate.interval.half_width = std::hypot(estimate.interval.half_width, added);
    }
    return estimate;
}

Estimate Comparison::top1(const Runs& runs) const {
    return estimate(runs, [&](size_t s, size_t j) {
        std::vector<double> values = runs[s][j]->hits;
        for (double& value : values) value *= kPercent;
        return values;
    });
}

Estimate Comparison::advantage(const Runs& a, const Runs& b) const {
    const Runs& longer = a.size() >= b.size() ? a : b;
    return estimate(longer, [&](size_t s, size_t j) {
        std::vector<double> values = at(a, s, j).hits;
        const std::vector<double>& other = at(b, s, j).hits;
        for (size_t i = 0; i < values.size(); ++i) values[i] = kPercent * (values[i] - other[i]);
        return values;
    });
}

std::optional<Interval> Comparison::over_table(const Table& table) const {
    const size_t sources = table.size(), seeds = table.front().size();
    if (sources * seeds < 2) return std::nullopt;
    const Crossed c = crossed(table);
    if (sources < 2) return Interval{c.mean, quantile(o_.confidence, seeds) * std::sqrt(c.seeds)};
    if (seeds < 2) return Interval{c.mean, quantile(o_.confidence, sources) * std::sqrt(c.sources)};
    const double from_sources = quantile(o_.confidence, sources) * std::sqrt(std::max(0.0, c.sources - c.both));
    return Interval{c.mean, std::hypot(quantile(o_.confidence, seeds) * std::sqrt(c.seeds), from_sources)};
}

std::optional<Interval> Comparison::over_runs(const Runs& runs, const RunFigure& figure) const {
    Table table(runs.size());
    for (size_t s = 0; s < runs.size(); ++s) {
        for (const ArmResult* run : runs[s]) table[s].push_back(figure(*run));
    }
    return over_table(table);
}

std::optional<Interval> Comparison::over_runs(const Runs& a, const Runs& b, const RunFigure& figure) const {
    Table table(std::max(a.size(), b.size()));
    for (size_t s = 0; s < table.size(); ++s) {
        for (size_t j = 0; j < a.front().size(); ++j) table[s].push_back(figure(at(a, s, j)) - figure(at(b, s, j)));
    }
    return over_table(table);
}

double Comparison::mean(const Runs& runs, const RunFigure& figure) {
    double sum = 0;
    for (const auto& row : runs) {
        for (const ArmResult* run : row) sum += figure(*run) / static_cast<double>(runs.size() * row.size());
    }
    return sum;
}

std::string Comparison::over(size_t seeds) const {
    std::string text = fmt::format("{} test images", all_.results.front().hits.size());
    if (seeds > 1) text = fmt::format("{} seeds and {}", seeds, text);
    if (all_.sources.size() > 1) text = fmt::format("{} sources, {}", all_.sources.size(), text);
    return text;
}

std::string Comparison::whole_runs(const Runs& runs) {
    const std::string seeds = fmt::format("{} seeds", runs.front().size());
    return runs.size() > 1 ? fmt::format("{} sources and {}", runs.size(), seeds) : seeds;
}

}  // namespace kaziranga::studies
