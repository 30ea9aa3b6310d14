#pragma once

#include "evaluation/report/findings_page.hpp"
#include "studies/reproduce/options.hpp"

namespace kaziranga::studies {

/// The claim of transfer learning put to the test, and its page in options.output: from scratch, a new head on a frozen
/// network, fine-tuning, and head first; by epoch, by shots, and as the two parks grow apart.
/// @throws core::Error for what the user can mend; core::Interrupted after saving, to be gone on with by the same call
evaluation::Report reproduce(const ReproduceOptions& options);

}  // namespace kaziranga::studies
