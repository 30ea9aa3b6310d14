#include "training/run/run_pool.hpp"

#include "core/config/config.hpp"
#include "core/device.hpp"
#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/log.hpp"
#include "core/process.hpp"
#include "core/progress.hpp"
#include "core/text.hpp"
#include "core/threads.hpp"
#include "training/run/workflow.hpp"

#include <algorithm>
#include <list>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <poll.h>

namespace kaziranga::training {
namespace {

constexpr int kInterrupted = 130;  // exit code of the program after it has saved and stopped

/// A run in a process of its own.
struct Job {
    Job(size_t place, core::Process started) : run(place), process(std::move(started)) {}
    size_t run;
    core::Process process;
};

core::Process start(const PooledRun& run, int64_t jobs) {
    Options options = run.options;
    const int64_t share = std::max<int64_t>(1, core::available_processors() / jobs);
    if (options.threads == 0) options.threads = share;
    if (options.data.workers == 0) options.data.workers = share;
    return {{core::kOwnProgram, "train", "/dev/stdin"}, core::config::to_yaml(options), "start the program anew"};
}

core::Error failed(const PooledRun& run, const std::string& errors) {
    std::vector<core::Problem> problems;
    size_t from = 0;
    while (from < errors.size()) {
        const size_t end = std::min(errors.find('\n', from), errors.size());
        const std::string line = errors.substr(from, end - from);
        if (!line.empty()) problems.push_back({.what = core::printable(line)});
        from = end + 1;
    }
    constexpr size_t kShown = 20;  // the last lines give the reason
    if (problems.size() > kShown) problems.erase(problems.begin(), problems.end() - kShown);
    problems.push_back({.what = "a training failed",
                        .where = run.called,
                        .remedy = "mend this and give the same command again; what is finished stays"});
    return core::Error(std::move(problems));
}

/// Trains runs in processes, which may end in any order.
class Pool {
  public:
    Pool(const std::vector<PooledRun>& runs, int64_t jobs, const std::function<void(size_t)>& finished)
        : runs_(runs), jobs_(jobs), finished_(finished) {}

    void run() {
        core::Phase phase("trainings", static_cast<int64_t>(runs_.size()), "runs");
        while (!running_.empty() || may_start()) {
            while (may_start()) begin();
            wait_a_little();
            if (core::interrupt_requested()) stop();
            for (auto job = running_.begin(); job != running_.end();) {
                const auto next = std::next(job);
                if (job->process.ended()) {
                    if (collect(*job)) phase.advance();
                    running_.erase(job);
                }
                job = next;
            }
        }
        if (problem_) throw core::Error(*problem_);
        core::throw_if_interrupted();
    }

  private:
    bool may_start() const {
        return !stopped_ && next_ < runs_.size() && static_cast<int64_t>(running_.size()) < jobs_;
    }

    void begin() {
        core::log().info("{} of {}: {}", next_ + 1, runs_.size(), runs_[next_].called);
        running_.emplace_back(next_, start(runs_[next_], jobs_));
        ++next_;
    }

    static void wait_a_little() {
        constexpr int kMilliseconds = 50;
        ::poll(nullptr, 0, kMilliseconds);  // a signal ends the wait
    }

    void stop() {
        if (std::exchange(stopped_, true)) return;
        for (const Job& job : running_) job.process.stop();
    }

    bool collect(Job& job) {
        const core::ProcessResult result = job.process.wait();
        if (result.exit_code == 0) {
            finished_(job.run);
            return true;
        }
        if (result.exit_code != kInterrupted && !problem_) problem_ = failed(runs_[job.run], result.errors);
        if (result.exit_code == kInterrupted && !stopped_) core::request_interrupt();  // only this process got a signal
        stop();
        return false;
    }

    const std::vector<PooledRun>& runs_;
    const int64_t jobs_;
    const std::function<void(size_t)>& finished_;
    std::list<Job> running_;
    size_t next_ = 0;
    bool stopped_ = false;
    std::optional<core::Error> problem_;
};

}  // namespace

int64_t resolve_jobs(int64_t asked, const std::string& device) {
    if (asked > 0) return asked;
    return core::resolve_device(device).is_cpu() ? core::available_processors() : 1;
}

void train_all(const std::vector<PooledRun>& runs, int64_t jobs, const std::function<void(size_t)>& finished) {
    if (jobs > 1) return Pool(runs, jobs, finished).run();
    for (size_t i = 0; i < runs.size(); ++i) {
        core::throw_if_interrupted();
        core::log().info("{} of {}: {}", i + 1, runs.size(), runs[i].called);
        run_training(runs[i].options);
        finished(i);
    }
}

}  // namespace kaziranga::training
