#include "app/commands/report.hpp"

#include "app/console.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace kaziranga::app {

namespace fs = std::filesystem;

void print_report(const evaluation::Report& report, const fs::path& folder) {
    const evaluation::Findings& findings = report.findings;
    say("");
    say("{}", findings.title);
    for (const evaluation::Claim& claim : findings.claims) {
        say("  {}: {}", claim.text, evaluation::to_text(claim.verdict));
        say("      {}", claim.measured);
    }
    for (const evaluation::Check& check : findings.checks) {
        if (check.passed()) continue;
        say("  FAILED: {}: {:.3g}, at most {:.3g} {}", check.name, check.measured, check.tolerance, check.unit);
    }
    if (!findings.checks.empty()) {
        const auto passed = std::ranges::count_if(findings.checks, &evaluation::Check::passed);
        say("  {} of {} checks passed", passed, findings.checks.size());
    }
    say("  {:.0f} s: {}", report.seconds, (folder / evaluation::kPageName).string());
}

}  // namespace kaziranga::app
