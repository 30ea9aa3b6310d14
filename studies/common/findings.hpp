#pragma once

#include "evaluation/report/findings.hpp"

/// The types and functions that every study uses for its findings.
namespace kaziranga::studies {

using evaluation::Check;
using evaluation::Claim;
using evaluation::Figure;
using evaluation::Findings;
using evaluation::Grid;
using evaluation::Heading;
using evaluation::Part;
using evaluation::Photograph;
using evaluation::Picture;
using evaluation::Text;
using evaluation::Verdict;

using evaluation::holds;
using evaluation::is_above;
using evaluation::is_below;
using evaluation::to_text;

}  // namespace kaziranga::studies
