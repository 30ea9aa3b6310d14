#include "training/sweep/sweep.hpp"

#include "core/error.hpp"
#include "core/files.hpp"
#include "core/interrupt.hpp"
#include "core/lock.hpp"
#include "core/log.hpp"
#include "training/run/run_folder.hpp"
#include "training/run/workflow.hpp"

#include <fmt/format.h>

namespace kaziranga::training {
namespace {

std::string called(const SweepPlan& plan, const PlannedRun& run) {
    return fmt::format("variant '{}', data.shots {}, seed {}", plan.variants[run.variant].name, run.options.data.shots,
                       run.seed);
}

std::vector<SummaryRow> write_tables(const SweepPlan& plan, const std::vector<SweepResult>& results) {
    std::vector<SummaryRow> rows = summarise(plan, results);
    core::write_file(plan.output / kRunsTable, runs_csv(plan, results));
    core::write_file(plan.output / kSummaryTable, summary_csv(rows));
    core::write_file(plan.output / kSummaryPage, summary_markdown(plan, rows, results.size()));
    return rows;
}

/// Reads the result of a run. Runs on the same images share their list.
SweepResult result_of(const PlannedRun& run, const std::vector<SweepResult>& before) {
    SweepResult result = read_result(run);
    for (const SweepResult& other : before) {
        if (*other.judged != *result.judged) continue;
        result.judged = other.judged;
        break;
    }
    return result;
}

/// True if the output folder holds a sweep. A sweep writes its tables before anything else.
bool holds_sweep(const SweepPlan& plan) {
    std::error_code code;
    const std::string table = runs_csv(plan, {});
    return std::filesystem::is_regular_file(plan.output / kRunsTable, code) &&
           core::read_file(plan.output / kRunsTable).starts_with(table.substr(0, table.find('\n') + 1));
}

/// Trains the run. Errors name the run, because the problems of a single training do not say which run it was.
void train(const SweepPlan& plan, const PlannedRun& run) {
    try {
        run_training(run.options);
    } catch (const core::Error& error) {
        std::vector<core::Problem> problems = error.problems();
        problems.push_back({.what = "the sweep stops here",
                            .where = called(plan, run),
                            .remedy = "mend this and give the same command again; what is finished stays"});
        throw core::Error(std::move(problems));
    }
}

}  // namespace

SweepOutcome run_sweep(const SweepPlan& plan) {
    constexpr const char* kAnotherOutput = "name another with output=…";
    require_free_folder(plan.output, holds_sweep(plan), kAnotherOutput);
    const core::FolderLock lock(plan.output, kAnotherOutput);
    core::remove_partial_files(plan.output);
    std::vector<SweepResult> results;
    for (const PlannedRun& run : plan.runs) {
        if (run.finished) results.push_back(result_of(run, results));
    }
    SweepOutcome outcome{.rows = write_tables(plan, results),
                         .already = static_cast<int64_t>(results.size()),
                         .page = plan.output / kSummaryPage};
    if (outcome.already > 0) {
        core::log().info("sweep: {} of {} runs are finished already and stay as they are", outcome.already,
                         plan.runs.size());
    }
    for (size_t i = 0; i < plan.runs.size(); ++i) {
        const PlannedRun& run = plan.runs[i];
        if (run.finished) continue;
        core::throw_if_interrupted();
        core::log().info("sweep: run {} of {}, {}", i + 1, plan.runs.size(), called(plan, run));
        train(plan, run);
        results.push_back(result_of(run, results));
        outcome.rows = write_tables(plan, results);
        ++outcome.trained;
    }
    return outcome;
}

}  // namespace kaziranga::training
