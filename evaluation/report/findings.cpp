#include "evaluation/report/findings.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace kaziranga::evaluation {

std::string_view to_text(Verdict verdict) {
    switch (verdict) {
        case Verdict::kSupported:
            return "supported";
        case Verdict::kNotSupported:
            return "not supported";
        case Verdict::kUndecided:
            break;
    }
    return "undecided at this sample size";
}

Verdict is_above(const Interval& interval, double level) {
    if (interval.low() > level) return Verdict::kSupported;
    return interval.high() < level ? Verdict::kNotSupported : Verdict::kUndecided;
}

Verdict is_below(const Interval& interval, double level) {
    return is_above({-interval.mean, interval.half_width}, -level);
}

Verdict holds(bool fact) {
    return fact ? Verdict::kSupported : Verdict::kNotSupported;
}

bool Findings::passed() const {
    return std::ranges::all_of(checks, [](const Check& check) { return check.passed(); });
}

std::string to_text(const Interval& interval, int digits) {
    return fmt::format("{:.{}f} ({:.{}f} to {:.{}f})", interval.mean, digits, interval.low(), digits, interval.high(),
                       digits);
}

}  // namespace kaziranga::evaluation
