#include "app/commands/report.hpp"

#include "app/console.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace kaziranga::app {

namespace fs = std::filesystem;

void print_report(const studies::Report& report, const fs::path& folder) {
    const studies::Findings& findings = report.findings;
    say("");
    say("{}", findings.title);
    for (const studies::Claim& claim : findings.claims) {
        say("  {}: {}", claim.text, studies::to_text(claim.verdict));
        say("      {}", claim.measured);
    }
    for (const studies::Check& check : findings.checks) {
        if (check.passed()) continue;
        say("  FAILED: {}: {:.3g}, at most {:.3g} {}", check.name, check.measured, check.tolerance, check.unit);
    }
    if (!findings.checks.empty()) {
        const auto passed = std::ranges::count_if(findings.checks, &studies::Check::passed);
        say("  {} of {} checks passed", passed, findings.checks.size());
    }
    say("  {:.0f} s: {}", report.seconds, (folder / studies::kPageName).string());
}

}  // namespace kaziranga::app
