#pragma once

#include "studies/common/findings.hpp"
#include "studies/reproduce/runs.hpp"

namespace kaziranga::studies {

/// Reports the results of a reproduction: claims with their verdicts, figures, tables and pictures.
void tell_reproduction(const ReproduceOptions& options, const Reproduction& all, Findings& findings);

}  // namespace kaziranga::studies
