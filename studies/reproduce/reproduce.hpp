#pragma once

#include "evaluation/report/findings_page.hpp"
#include "studies/reproduce/options.hpp"

namespace kaziranga::studies {

/// Tests the claim of transfer learning, and writes its page to options.output: from scratch, a new head on a frozen
/// network, fine-tuning, and head first; by epoch, by shots, and for parks that differ more and more.
/// @throws core::Error for problems that the user can solve; core::Interrupted after saving: the same call continues
evaluation::Report reproduce(const ReproduceOptions& options);

}  // namespace kaziranga::studies
