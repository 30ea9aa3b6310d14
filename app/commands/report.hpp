#pragma once

#include "evaluation/report/findings_page.hpp"

#include <filesystem>

namespace kaziranga::app {

/// Prints the claims with their verdicts, the failed checks, and the path of the page.
void print_report(const evaluation::Report& report, const std::filesystem::path& folder);

}  // namespace kaziranga::app
