#include "studies/bias_variance/convergence.hpp"

#include "studies/common/compare.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace kaziranga::studies {

std::string short_of_minimum(const Convergence& convergence, const std::string& networks, int64_t steps) {
    return fmt::format("{} of {} {} did not come to a gradient of {:g} in {} steps",
                       convergence.learners - convergence.converged, convergence.learners, networks, kShortGradient,
                       steps);
}

void tell_convergence(Findings& findings, const std::string& what, const std::vector<Convergence>& settings) {
    Convergence all;
    for (const Convergence& c : settings) {
        all.learners += c.learners;
        all.converged += c.converged;
        all.most_iterations = std::max(all.most_iterations, c.most_iterations);
        all.largest_gradient = worse(all.largest_gradient, c.largest_gradient);
    }
    findings.checks.push_back({what + ": networks short of their minimum",
                               static_cast<double>(all.learners - all.converged), 0, fmt::format("of {}", all.learners),
                               "give more steps"});
    findings.figures.push_back({what + ": networks trained", static_cast<double>(all.learners), ""});
    findings.figures.push_back({what + ": most iterations of one", static_cast<double>(all.most_iterations), ""});
    findings.figures.push_back({what + ": largest gradient left", all.largest_gradient, ""});
}

}  // namespace kaziranga::studies
