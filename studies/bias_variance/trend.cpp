#include "studies/bias_variance/trend.hpp"

#include "core/text.hpp"

#include <fmt/format.h>

namespace kaziranga::studies {
namespace {

using evaluation::Interval;

/// The results of the steps between neighbouring settings: "1 to 2".
struct Steps {
    std::vector<std::string> show, oppose, undecided;
};

std::string told(const Steps& steps, const std::string& way) {
    const auto list = [](const std::vector<std::string>& names) { return core::join(names, ", "); };
    if (steps.oppose.empty() && steps.undecided.empty()) return "it " + way + " at every step";
    std::string text = steps.show.empty() ? "no single step shows that it " + way
                                          : "steps that show that it " + way + ": " + list(steps.show);
    if (!steps.oppose.empty()) text += "; the other way: " + list(steps.oppose);
    if (!steps.undecided.empty()) text += "; undecided: " + list(steps.undecided);
    return text;
}

/// The claim unchanged, if all learners behind it reached their minimum; otherwise it is undecided.
Claim judged(Claim claim, const std::vector<std::string>& untrained) {
    if (untrained.empty()) return claim;
    claim.measured = "not judged: " + core::join(untrained, "; ");
    claim.verdict = Verdict::kUndecided;
    return claim;
}

}  // namespace

Claim trend(const std::string& text, const Course& course, bool falls, double confidence) {
    const size_t last = course.values.size() - 1;
    const double wider = evaluation::normal_quantile(1 - (1 - confidence) / 2 / static_cast<double>(last)) /
                         evaluation::normal_quantile((1 + confidence) / 2);
    const auto verdict_of = [&](Interval change) { return falls ? is_below(change, 0) : is_above(change, 0); };
    const Interval whole = course.change(last, 0);
    Verdict verdict = verdict_of(whole);
    Steps steps;
    for (size_t i = 1; i <= last; ++i) {
        Interval change = course.change(i, i - 1);
        change.half_width *= wider;
        const Verdict step = verdict_of(change);
        if (step == Verdict::kNotSupported) verdict = Verdict::kNotSupported;
        (step == Verdict::kSupported      ? steps.show
         : step == Verdict::kNotSupported ? steps.oppose
                                          : steps.undecided)
            .push_back(fmt::format("{:g} to {:g}", course.values[i - 1], course.values[i]));
    }
    return judged(
        {text,
         fmt::format("{:.3g} at {:g}, {:.3g} at {:g}, a change of {:.3g} ({:.3g} to {:.3g} at {:.4g} %); {}",
                     course.means.front(), course.values.front(), course.means.back(), course.values.back(), whole.mean,
                     whole.low(), whole.high(), 100 * confidence, told(steps, falls ? "falls" : "rises")),
         verdict},
        course.untrained);
}

}  // namespace kaziranga::studies
