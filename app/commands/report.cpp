#include "app/commands/report.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace kaziranga::app {

namespace fs = std::filesystem;

void print_report(const studies::Report& report, const fs::path& folder) {
    const studies::Findings& findings = report.findings;
    fmt::print("\n{}\n", findings.title);
    for (const studies::Claim& claim : findings.claims) {
        fmt::print("  {}: {}\n      {}\n", claim.text, studies::to_text(claim.verdict), claim.measured);
    }
    for (const studies::Check& check : findings.checks) {
        if (check.passed()) continue;
        fmt::print("  FAILED: {}: {:.3g}, at most {:.3g} {}\n", check.name, check.measured, check.tolerance,
                   check.unit);
    }
    if (!findings.checks.empty()) {
        const auto passed = std::ranges::count_if(findings.checks, &studies::Check::passed);
        fmt::print("  {} of {} checks passed\n", passed, findings.checks.size());
    }
    fmt::print("  {:.0f} s: {}\n", report.seconds, (folder / studies::kPageName).string());
}

}  // namespace kaziranga::app
