#include "studies/trend.hpp"

#include "core/text.hpp"

#include <fmt/format.h>

namespace kaziranga::studies {

using evaluation::Interval;

Claim judged(Claim claim, const std::vector<std::string>& untrained) {
    if (untrained.empty()) return claim;
    claim.measured = "not judged: " + core::join(untrained, "; ");
    claim.verdict = Verdict::kUndecided;
    return claim;
}

Claim trend(const std::string& text, const Course& course, bool falls, double confidence) {
    const size_t last = course.values.size() - 1;
    const double wider = evaluation::normal_quantile(1 - (1 - confidence) / 2 / static_cast<double>(last)) /
                         evaluation::normal_quantile((1 + confidence) / 2);
    const auto verdict_of = [&](Interval change) { return falls ? is_below(change, 0) : is_above(change, 0); };
    const Interval whole = course.change(last, 0);
    Verdict verdict = verdict_of(whole);
    std::vector<std::string> exceptions;
    for (size_t i = 1; i <= last; ++i) {
        Interval change = course.change(i, i - 1);
        change.half_width *= wider;
        const Verdict step = verdict_of(change);
        if (step == Verdict::kSupported) continue;
        if (step == Verdict::kNotSupported) verdict = Verdict::kNotSupported;
        exceptions.push_back(fmt::format("from {:g} to {:g} ({})", course.values[i - 1], course.values[i],
                                         step == Verdict::kNotSupported ? "the other way" : "undecided"));
    }
    const std::string way = falls ? "falls" : "rises", named = core::join(exceptions, ", ");
    const std::string steps = exceptions.empty()          ? "it " + way + " at every step"
                              : exceptions.size() == last ? "no single step shows that it " + way + ": " + named
                                                          : "it " + way + " at every step but " + named;
    return judged({text,
                   fmt::format("{:.3g} at {:g}, {:.3g} at {:g}, a change of {:.3g} ({:.3g} to {:.3g} at {:.4g} %); {}",
                               course.means.front(), course.values.front(), course.means.back(), course.values.back(),
                               whole.mean, whole.low(), whole.high(), 100 * confidence, steps),
                   verdict},
                  course.untrained);
}

}  // namespace kaziranga::studies
