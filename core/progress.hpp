#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string_view>
#include <thread>

namespace kaziranga::core {

/// Shows the progress of long work. Code reports to progress(); the program decides how it is displayed.
/// Call it from one thread only. Phases may be nested: each start needs a matching finish.
class Progress {
  public:
    virtual ~Progress() = default;
    /// @param phase  empty: a part of the enclosing phase; it is not shown itself
    /// @param total  number of steps of this phase, in `unit` ("images", "epochs")
    virtual void start(std::string_view phase, int64_t total, std::string_view unit) = 0;
    virtual void advance(int64_t steps, std::string_view note = {}) = 0;
    /// Adds steps that were done before the phase started. They do not count for the rate.
    virtual void resume(int64_t steps) = 0;
    virtual void finish() = 0;
};

/// The current progress display. It shows nothing until show_progress is called.
Progress& progress();
void show_progress(std::unique_ptr<Progress> display);

/// A phase that ends with its scope, also after an exception.
class Phase {
  public:
    Phase(std::string_view name, int64_t total, std::string_view unit) { progress().start(name, total, unit); }
    ~Phase() { progress().finish(); }
    Phase(const Phase&) = delete;
    Phase& operator=(const Phase&) = delete;
    void advance(int64_t steps = 1, std::string_view note = {}) { progress().advance(steps, note); }
    void resume(int64_t steps) { progress().resume(steps); }
};

/// A phase whose steps are done by many threads. Only the thread that created it updates the display.
class SharedPhase {
  public:
    SharedPhase(std::string_view name, int64_t total, std::string_view unit) : phase_(name, total, unit) {}
    ~SharedPhase() { report(); }

    void step(int64_t steps = 1) {
        pending_ += steps;
        if (std::this_thread::get_id() == owner_) report();
    }

  private:
    void report() {
        if (const int64_t steps = pending_.exchange(0); steps > 0) phase_.advance(steps);
    }

    Phase phase_;
    const std::thread::id owner_ = std::this_thread::get_id();
    std::atomic<int64_t> pending_{0};
};

}  // namespace kaziranga::core
