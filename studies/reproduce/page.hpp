#pragma once

#include "studies/common/findings.hpp"
#include "studies/reproduce/runs.hpp"

namespace kaziranga::studies {

/// Tells what the runs of a reproduction say: claims with their verdicts, figures, tables and pictures.
void tell_reproduction(const ReproduceOptions& options, const Reproduction& all, Findings& findings);

}  // namespace kaziranga::studies
