#include "data/manifests/clock.hpp"

#include <array>
#include <charconv>
#include <chrono>

namespace kaziranga::data {
namespace {

/// Takes a number of exactly so many digits from the front of a text.
std::optional<int> take_number(std::string_view& text, size_t digits) {
    int value = 0;
    if (text.size() < digits) return std::nullopt;
    const auto [end, error] = std::from_chars(text.data(), text.data() + digits, value);
    if (error != std::errc() || end != text.data() + digits || value < 0) return std::nullopt;
    text.remove_prefix(digits);
    return value;
}

/// Takes one of these characters from the front of a text.
bool take_one_of(std::string_view& text, std::string_view characters) {
    if (text.empty() || characters.find(text.front()) == std::string_view::npos) return false;
    text.remove_prefix(1);
    return true;
}

}  // namespace

std::optional<int64_t> seconds_of(std::string_view text) {
    constexpr std::array<size_t, 3> kDateDigits = {4, 2, 2};
    std::array<int, 3> date{}, clock{};
    for (size_t i = 0; i < date.size(); ++i) {
        if (i > 0 && !take_one_of(text, "-/:")) return std::nullopt;
        const auto number = take_number(text, kDateDigits[i]);
        if (!number) return std::nullopt;
        date[i] = *number;
    }
    if (!take_one_of(text, " T")) return std::nullopt;
    for (size_t i = 0; i < clock.size(); ++i) {
        if (i > 0 && !take_one_of(text, ":")) {
            if (i == 2) break;  // no seconds
            return std::nullopt;
        }
        const auto number = take_number(text, 2);
        if (!number) return std::nullopt;
        clock[i] = *number;
    }
    using namespace std::chrono;
    const year_month_day day{year(date[0]), month(static_cast<unsigned>(date[1])),
                             std::chrono::day(static_cast<unsigned>(date[2]))};
    if (!day.ok() || clock[0] > 23 || clock[1] > 59 || clock[2] > 60) return std::nullopt;
    const seconds since = sys_days(day).time_since_epoch() + hours(clock[0]) + minutes(clock[1]) + seconds(clock[2]);
    return since.count();
}

std::optional<int64_t> universal_seconds_of(std::string_view text) {
    constexpr size_t kDate = 10, kHour = 3600, kMinute = 60;
    const std::optional<int64_t> clock = seconds_of(text);
    const size_t sign = text.find_last_of("+-");
    if (!clock || sign == std::string_view::npos || sign < kDate) return clock;
    std::string_view zone = text.substr(sign + 1);
    const auto hours = take_number(zone, 2);
    if (!hours) return clock;
    take_one_of(zone, ":");
    const int64_t offset =
        static_cast<int64_t>(kHour) * *hours + static_cast<int64_t>(kMinute) * take_number(zone, 2).value_or(0);
    return text[sign] == '+' ? *clock - offset : *clock + offset;
}

}  // namespace kaziranga::data
