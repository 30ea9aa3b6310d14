#include "training/sweep/tables.hpp"

#include "core/error.hpp"
#include "core/files.hpp"
#include "core/text.hpp"
#include "evaluation/read_records.hpp"
#include "training/run/run_folder.hpp"

#include <algorithm>
#include <string_view>
#include <tuple>

#include <fmt/format.h>

namespace kaziranga::training {
namespace {

using evaluation::Interval;
using evaluation::Spread;
using Results = std::vector<const SweepResult*>;

constexpr double kPercent = 100;

std::string shots_text(int64_t shots) {
    return shots == 0 ? "all" : std::to_string(shots);
}

/// Sorts by variant, shots and seed, so that sums and lines do not depend on which run was finished first.
Results sorted(const std::vector<SweepResult>& results) {
    Results pointers;
    for (const SweepResult& result : results) pointers.push_back(&result);
    std::sort(pointers.begin(), pointers.end(), [](const SweepResult* a, const SweepResult* b) {
        return std::tie(a->variant, a->draw, a->seed) < std::tie(b->variant, b->draw, b->seed);
    });
    return pointers;
}

/// Finds the first variant's run with the same seed and shots on the same images.
const SweepResult* partner_of(const SweepResult& result, const std::vector<SweepResult>& results) {
    for (const SweepResult& other : results) {
        const bool same = other.variant == 0 && other.draw == result.draw && other.seed == result.seed;
        if (same && other.images == result.images) return &other;
    }
    return nullptr;
}

Interval of_images(const SweepResult& result, double confidence) {
    const Interval share = evaluation::share_interval(result.metrics.top1 / kPercent, result.metrics.n, confidence);
    return {result.metrics.top1, kPercent * share.half_width};
}

/// The number of training images of a run, if its record says it; else 0.
double trained_images(const SweepResult& result) {
    const auto train = result.record.splits.find("train");
    return train == result.record.splits.end() ? 0 : static_cast<double>(train->second.n);
}

/// The spread of the runs' top-1, or, if `partners` has the first variant's run for each, of the difference to it.
Spread spread(const Results& runs, const Results& partners, double confidence) {
    std::vector<evaluation::Draw> draws;
    double judged = 0, trained = 0;
    for (size_t j = 0; j < runs.size(); ++j) {
        const SweepResult& run = *runs[j];
        evaluation::Draw draw{.images = run.judged};
        for (size_t i = 0; i < run.hits.size(); ++i) {
            const bool other = !partners.empty() && partners[j]->hits[i];
            draw.values.push_back(kPercent * (static_cast<double>(run.hits[i]) - static_cast<double>(other)));
        }
        judged += static_cast<double>(run.hits.size());
        trained += trained_images(run);
        draws.push_back(std::move(draw));
    }
    return evaluation::spread_of(draws, trained > 0 ? judged / trained : 0, confidence);
}

/// The first variant's runs with the same seeds on the same images; none if one is missing.
Results partners_of(const Results& runs, const std::vector<SweepResult>& all) {
    Results partners;
    for (const SweepResult* run : runs) {
        partners.push_back(partner_of(*run, all));
        if (partners.back() == nullptr) return {};
    }
    return partners;
}

std::optional<Interval> difference_of_images(const SweepResult& result, const SweepResult& first, double confidence) {
    if (result.hits.size() < 2) return std::nullopt;
    std::vector<double> differences;
    for (size_t i = 0; i < result.hits.size(); ++i) {
        differences.push_back(kPercent * (static_cast<double>(result.hits[i]) - static_cast<double>(first.hits[i])));
    }
    return evaluation::normal_interval(differences, confidence);
}

std::optional<Interval> difference(const Results& runs, const Results& partners, double confidence) {
    if (runs.size() == 1) return difference_of_images(*runs.front(), *partners.front(), confidence);
    std::vector<double> differences;
    for (size_t j = 0; j < runs.size(); ++j) differences.push_back(runs[j]->metrics.top1 - partners[j]->metrics.top1);
    return evaluation::student_interval(differences, confidence);
}

SummaryRow row_of(const std::string& variant, const Results& runs, const std::vector<SweepResult>& all,
                  double confidence) {
    SummaryRow row{.variant = variant, .shots = runs.front()->shots, .runs = static_cast<int64_t>(runs.size())};
    const auto count = static_cast<double>(runs.size());
    std::vector<double> top1;
    for (const SweepResult* run : runs) {
        top1.push_back(run->metrics.top1);
        row.mean.top1 += run->metrics.top1 / count;
        row.mean.top5 += run->metrics.top5 / count;
        row.mean.loss += run->metrics.loss / count;
        row.mean.macro_f1 += run->metrics.macro_f1 / count;
        row.mean.ece += run->metrics.ece / count;
        row.seconds += run->seconds / count;
    }
    row.mean.n = runs.front()->metrics.n;
    row.over_runs = runs.size() > 1;
    row.top1 = row.over_runs ? evaluation::student_interval(top1, confidence) : of_images(*runs.front(), confidence);
    row.top1_spread = spread(runs, {}, confidence);
    const Results partners = runs.front()->variant == 0 ? Results{} : partners_of(runs, all);
    if (partners.empty()) return row;
    row.difference = difference(runs, partners, confidence);
    row.difference_spread = spread(runs, partners, confidence);
    return row;
}

constexpr const char* kSpreadColumns[] = {"sd_draws",          "se_images",         "se_classes",
                                          "same_classes_low",  "same_classes_high", "other_classes_low",
                                          "other_classes_high"};

/// The values of kSpreadColumns, with a comma before each; missing values are empty.
std::string spread_fields(const Spread& s) {
    std::string fields;
    for (const std::optional<double>& part : {s.sd_draws, s.se_images, s.se_classes}) {
        fields += part ? fmt::format(",{:.6f}", *part) : ",";
    }
    for (const std::optional<Interval>& interval : {s.same_classes, s.other_classes}) {
        fields += interval ? fmt::format(",{:.6f},{:.6f}", interval->low(), interval->high()) : ",,";
    }
    return fields;
}

/// Text for a cell of a Markdown table: a backslash before each character with a special meaning, also in HTML.
std::string in_cell(const std::string& text) {
    constexpr std::string_view kMeaningful = "\\|`*[]<>&~";
    std::string cell;
    for (const char c : core::printable(text)) {
        if (kMeaningful.find(c) != std::string_view::npos) cell += '\\';
        cell += c;
    }
    return cell;
}

std::string markdown_line(const std::vector<std::string>& cells) {
    std::string line = "|";
    for (const std::string& cell : cells) line += fmt::format(" {} |", in_cell(cell));
    return line + "\n";
}

std::string markdown_table(const std::vector<std::vector<std::string>>& cells) {
    std::string table = markdown_line(cells.front()) + "| ---";
    for (size_t c = 1; c < cells.front().size(); ++c) table += " | ---:";
    table += " |\n";
    for (size_t i = 1; i < cells.size(); ++i) table += markdown_line(cells[i]);
    return table;
}

const std::string kAboutParts = R"(
## Where the differences' uncertainty comes from

In percentage points; `summary.csv` has the same of top-1 itself.

- *SD draws*: how far the difference of one run strays from that of another (standard deviation over seeds).
- *SE images*: how far the mean would stray with other test images of the same classes (standard error; images are
  compared with those of their class).
- *SE classes*: how far the mean would stray with other classes and their images (standard error of the classes' means:
  a class that is hard is hard for all its images).
- *Same classes*: an interval of the difference for other draws and other test images of the same classes.
- *Other classes*: an interval of the difference for other draws, other classes and their images.
- *Test images*: `same` in every run, or each run's `own`, where the seed also splits the images. With own ones the
  draws overlap, and both intervals have Nadeau and Bengio's correction for that.

Seeds that draw from one set of training images say nothing about another set; where every seed trains on the same
images, SD draws is that of the training's own chance alone.

)";

}  // namespace

SweepResult read_result(const PlannedRun& run) {
    const RunFolder folder{run.options.output};
    const std::string metrics = folder.metrics().string(), predictions = folder.predictions().string();
    const evaluation::RunRecord record = evaluation::parse_metrics(core::read_file(metrics), metrics);
    const std::string split = record.splits.contains("test") ? "test" : "val";
    const auto found = record.splits.find(split);
    if (found == record.splits.end() || found->second.n < 1) {
        throw core::Error({.what = "nothing to judge the run on",
                           .where = folder.root.string(),
                           .expected = "test or validation images",
                           .remedy = "name data with such a split, or set data.test_fraction above 0"});
    }
    SweepResult result{.variant = run.variant,
                       .draw = run.draw,
                       .seed = run.seed,
                       .shots = run.options.data.shots,
                       .split = split,
                       .metrics = found->second,
                       .seconds = record.seconds,
                       .record = record};
    core::Hasher names;
    evaluation::JudgedImages judged;
    for (const auto& [name, judgement] : evaluation::parse_judgements(core::read_file(predictions), predictions)) {
        names.add_text(name);
        judged.names.push_back(core::hash64(name));
        judged.classes.push_back(core::hash64(judgement.label));
        result.hits.push_back(judgement.hit);
    }
    result.images = names.digest();
    result.judged = std::make_shared<const evaluation::JudgedImages>(std::move(judged));
    return result;
}

std::vector<SummaryRow> summarise(const SweepPlan& plan, const std::vector<SweepResult>& results) {
    const Results all = sorted(results);
    std::vector<SummaryRow> rows;
    for (size_t start = 0, end = 0; start < all.size(); start = end) {
        Results runs;
        for (; end < all.size() && all[end]->variant == all[start]->variant && all[end]->draw == all[start]->draw;
             ++end) {
            runs.push_back(all[end]);
        }
        rows.push_back(row_of(plan.variants[runs.front()->variant].name, runs, results, plan.confidence));
    }
    return rows;
}

std::string runs_csv(const SweepPlan& plan, const std::vector<SweepResult>& results) {
    std::string csv = "variant,shots,seed,split,n,top1,top5,loss,macro_f1,ece,seconds\n";
    for (const SweepResult* run : sorted(results)) {
        const evaluation::Metrics& m = run->metrics;
        csv += fmt::format("{},{},{},{},{},{:.6f},{:.6f},{:.6f},{:.6f},{:.6f},{:.2f}\n",
                           core::csv_field(plan.variants[run->variant].name), run->shots, run->seed, run->split, m.n,
                           m.top1, m.top5, m.loss, m.macro_f1, m.ece, run->seconds);
    }
    return csv;
}

std::string summary_csv(const std::vector<SummaryRow>& rows) {
    std::string csv =
        "variant,shots,runs,top1,top1_half_width,interval_over,top5,loss,macro_f1,ece,seconds,difference,difference_"
        "low,difference_high,test_images";
    for (const char* of : {"top1", "difference"}) {
        for (const char* column : kSpreadColumns) csv += fmt::format(",{}_{}", of, column);
    }
    csv += '\n';
    for (const SummaryRow& row : rows) {
        csv +=
            fmt::format("{},{},{},{:.6f},{:.6f},{},{:.6f},{:.6f},{:.6f},{:.6f},{:.2f},", core::csv_field(row.variant),
                        row.shots, row.runs, row.mean.top1, row.top1.half_width, row.over_runs ? "runs" : "images",
                        row.mean.top5, row.mean.loss, row.mean.macro_f1, row.mean.ece, row.seconds);
        csv += row.difference ? fmt::format("{:.6f},{:.6f},{:.6f}", row.difference->mean, row.difference->low(),
                                            row.difference->high())
                              : ",,";
        csv += row.top1_spread.same_images ? ",same" : ",own";
        csv += spread_fields(row.top1_spread) + spread_fields(row.difference_spread.value_or(Spread{})) + '\n';
    }
    return csv;
}

std::vector<std::vector<std::string>> summary_cells(const std::vector<SummaryRow>& rows) {
    std::vector<std::vector<std::string>> cells = {{"variant", "shots", "runs", "top-1 %", "+/-", "over", "top-5 %",
                                                    "loss", "macro F1", "ECE", "seconds", "difference", "from", "to"}};
    for (const SummaryRow& row : rows) {
        cells.push_back({row.variant, shots_text(row.shots), std::to_string(row.runs),
                         fmt::format("{:.2f}", row.mean.top1), fmt::format("{:.2f}", row.top1.half_width),
                         row.over_runs ? "runs" : "images", fmt::format("{:.2f}", row.mean.top5),
                         fmt::format("{:.4f}", row.mean.loss), fmt::format("{:.4f}", row.mean.macro_f1),
                         fmt::format("{:.4f}", row.mean.ece), fmt::format("{:.1f}", row.seconds)});
        const std::optional<Interval>& d = row.difference;
        for (const double value : {d ? d->mean : 0, d ? d->low() : 0, d ? d->high() : 0}) {
            cells.back().push_back(d ? fmt::format("{:+.2f}", value) : "-");
        }
    }
    return cells;
}

std::vector<std::vector<std::string>> spread_cells(const std::vector<SummaryRow>& rows) {
    std::vector<std::vector<std::string>> cells = {{"variant", "shots", "runs", "test images", "difference", "SD draws",
                                                    "SE images", "SE classes", "same classes", "other classes"}};
    for (const SummaryRow& row : rows) {
        if (!row.difference_spread) continue;
        const Spread& s = *row.difference_spread;
        cells.push_back({row.variant, shots_text(row.shots), std::to_string(row.runs), s.same_images ? "same" : "own",
                         fmt::format("{:+.2f}", s.mean)});
        for (const std::optional<double>& part : {s.sd_draws, s.se_images, s.se_classes}) {
            cells.back().push_back(part ? fmt::format("{:.2f}", *part) : "-");
        }
        for (const std::optional<Interval>& interval : {s.same_classes, s.other_classes}) {
            cells.back().push_back(interval ? fmt::format("{:+.2f} to {:+.2f}", interval->low(), interval->high())
                                            : "-");
        }
    }
    return cells;
}

std::string summary_markdown(const SweepPlan& plan, const std::vector<SummaryRow>& rows, size_t finished) {
    std::string page = fmt::format(
        "# Sweep\n\n{} of {} runs are finished. Top-1 and its intervals of {:g} % confidence are in percent, on the "
        "test split (on validation without one). An interval over runs says what other seeds would give on images like "
        "those of these runs, one over images (of a single run) what other images would give. The difference is that "
        "to *{}* in percentage points, paired by seed, over images by image.\n\n",
        finished, plan.runs.size(), kPercent * plan.confidence, in_cell(plan.variants.front().name));
    page += markdown_table(summary_cells(rows));
    const auto parts = spread_cells(rows);
    if (parts.size() > 1) page += kAboutParts + markdown_table(parts);
    return page;
}

}  // namespace kaziranga::training
