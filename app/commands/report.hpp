#pragma once

#include "evaluation/report/findings_page.hpp"

#include <filesystem>

namespace kaziranga::app {

/// Prints the claims with their verdicts, the checks that failed, and where the page lies.
void print_report(const evaluation::Report& report, const std::filesystem::path& folder);

}  // namespace kaziranga::app
