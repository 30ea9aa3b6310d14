#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string_view>
#include <thread>

namespace kaziranga::core {

/// Shows how far long work has come. The rooms report to progress(); the program decides how it looks.
/// From one thread. A phase may run inside another: start and finish come in pairs, like brackets.
class Progress {
  public:
    virtual ~Progress() = default;
    /// @param phase  empty: a part of the phase around it, not shown itself
    /// @param total  steps of this phase, in `unit`s ("images", "epochs")
    virtual void start(std::string_view phase, int64_t total, std::string_view unit) = 0;
    virtual void advance(int64_t steps, std::string_view note = {}) = 0;
    /// Steps that were done before the phase started: they say nothing of its rate.
    virtual void resume(int64_t steps) = 0;
    virtual void finish() = 0;
};

/// What the rooms report to; shows nothing until show_progress.
Progress& progress();
void show_progress(std::unique_ptr<Progress> display);

/// A phase that ends with its scope, also when an exception leaves it.
class Phase {
  public:
    Phase(std::string_view name, int64_t total, std::string_view unit) { progress().start(name, total, unit); }
    ~Phase() { progress().finish(); }
    Phase(const Phase&) = delete;
    Phase& operator=(const Phase&) = delete;
    void advance(int64_t steps = 1, std::string_view note = {}) { progress().advance(steps, note); }
    void resume(int64_t steps) { progress().resume(steps); }
};

/// A phase whose steps are done on many threads; the display hears of them on the one that made it.
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
