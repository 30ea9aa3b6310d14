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

/// Shows progress on standard error: one line that is updated on a terminal, otherwise a new line every few seconds.
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
    std::vector<Shown> phases_;  ///< running phases, innermost last
    Clock::time_point drawn_;
};

/// Sends the log to standard error: plain lines; warnings and errors are marked.
void log_to_console();

/// Prints a line on standard output. Non-printable characters are escaped, so that names from files or configs cannot
/// control the terminal or fake a line.
template <class... Args>
void say(fmt::format_string<Args...> format, Args&&... args) {
    fmt::print("{}\n", core::printable(fmt::format(format, std::forward<Args>(args)...)));
}

/// Prints lines for programs on standard output. On a terminal, control characters are escaped as in say().
void say_text(const std::string& lines);

/// Prints a table on standard output. All rows have the same length; the first row is the heading. The first column is
/// aligned to the left, the others to the right.
void say_table(const std::vector<std::vector<std::string>>& rows);

}  // namespace kaziranga::app
