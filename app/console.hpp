#pragma once

#include "core/progress.hpp"
#include "core/text.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace kaziranga::app {

/// Progress on standard error: one line that renews itself on a terminal, a line every few seconds elsewhere.
class ConsoleProgress final : public core::Progress {
  public:
    ConsoleProgress();
    void start(std::string_view phase, int64_t total, std::string_view unit) override;
    void advance(int64_t steps, std::string_view note) override;
    void resume(int64_t steps) override;
    void finish() override;

  private:
    using Clock = std::chrono::steady_clock;
    struct Shown {
        std::string phase, unit, note;
        int64_t total = 0, done = 0, before = 0;
        Clock::time_point started;
    };
    void draw(bool last);

    bool terminal_;
    std::vector<Shown> phases_;  ///< under way, the innermost last
    Clock::time_point drawn_;
};

/// Sends the log to standard error: plain lines, warnings and errors marked.
void log_to_console();

/// A line on standard output. Whatever is in it is made printable, so that no name out of a file or a config can steer
/// the terminal or forge a line.
template <class... Args>
void say(fmt::format_string<Args...> format, Args&&... args) {
    fmt::print("{}\n", core::printable(fmt::format(format, std::forward<Args>(args)...)));
}

/// Rows of equal length in columns on standard output, the first row the heading, numbers to the right.
void say_table(const std::vector<std::vector<std::string>>& rows);

}  // namespace kaziranga::app
