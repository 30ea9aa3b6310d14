#include "app/console.hpp"

#include "core/log.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <cstdio>

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <unistd.h>

namespace kaziranga::app {
namespace {

constexpr auto kRedraw = std::chrono::milliseconds(100);
constexpr auto kLogLine = std::chrono::seconds(10);

std::string duration(double seconds) {
    const auto whole = static_cast<int64_t>(seconds + 0.5);
    return whole < 3600 ? fmt::format("{}:{:02}", whole / 60, whole % 60)
                        : fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

}  // namespace

ConsoleProgress::ConsoleProgress() : terminal_(::isatty(STDERR_FILENO) == 1) {}

void ConsoleProgress::start(std::string_view phase, int64_t total, std::string_view unit) {
    drawn_ = Clock::now();
    phases_.push_back(
        {.phase = std::string(phase), .unit = std::string(unit), .note = "", .total = total, .started = drawn_});
}

void ConsoleProgress::advance(int64_t steps, std::string_view note) {
    Shown& phase = phases_.back();
    phase.done += steps;
    if (!note.empty()) phase.note = note;
    const auto now = Clock::now();
    if (now - drawn_ < (terminal_ ? Clock::duration(kRedraw) : Clock::duration(kLogLine))) return;
    drawn_ = now;
    draw(false);
}

void ConsoleProgress::resume(int64_t steps) {
    phases_.back().done += steps;
    phases_.back().before += steps;
}

void ConsoleProgress::finish() {
    draw(true);
    phases_.pop_back();
}

void ConsoleProgress::draw(bool last) {
    const Shown& phase = phases_.back();
    if (phase.phase.empty()) return;
    const double seconds = std::chrono::duration<double>(Clock::now() - phase.started).count();
    const double rate = seconds > 0 ? static_cast<double>(phase.done - phase.before) / seconds : 0;
    std::string line = fmt::format("{}: {}/{} {}", phase.phase, phase.done, phase.total, phase.unit);
    if (rate > 0) line += fmt::format(", {:.{}f} {}/s, {}", rate, rate < 10 ? 1 : 0, phase.unit, duration(seconds));
    if (!last && rate > 0)
        line += fmt::format(", {} left", duration(static_cast<double>(phase.total - phase.done) / rate));
    if (!phase.note.empty()) line += "  " + phase.note;
    const char* start = terminal_ ? "\r\x1b[K" : "";
    const char* end = terminal_ && !last ? "" : "\n";
    std::fprintf(stderr, "%s%s%s", start, core::printable(line).c_str(), end);
    std::fflush(stderr);
}

void log_to_console() {
    auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    sink->set_formatter(core::log_formatter("%*"));
    core::add_log_sink(sink);
}

void say_text(const std::string& lines) {
    static const bool on_terminal = ::isatty(STDOUT_FILENO) == 1;
    if (!on_terminal) return fmt::print("{}", lines);
    for (size_t at = 0; at < lines.size();) {
        const size_t end = std::min(lines.find('\n', at), lines.size());
        say("{}", std::string_view(lines).substr(at, end - at));
        at = end + 1;
    }
}

void say_table(const std::vector<std::vector<std::string>>& given) {
    std::vector<std::vector<std::string>> rows = given;
    for (auto& row : rows)
        std::ranges::transform(row, row.begin(), [](const std::string& cell) { return core::printable(cell); });
    std::vector<size_t> widths(rows.empty() ? 0 : rows.front().size(), 0);
    for (const auto& row : rows) {
        for (size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], row[c].size());
    }
    for (const auto& row : rows) {
        std::string line;
        for (size_t c = 0; c < row.size(); ++c) {
            line += c == 0 ? fmt::format("{:<{}}", row[c], widths[c]) : fmt::format("  {:>{}}", row[c], widths[c]);
        }
        fmt::print("{}\n", line);
    }
}

}  // namespace kaziranga::app
