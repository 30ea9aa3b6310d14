#pragma once

#include "data/inspect.hpp"
#include "data/options.hpp"

#include <optional>

namespace kaziranga::data {

/// Returns the warning that images of the judged split (test, else val) belong to a sequence or burst, or else come
/// from a site, of which training has images too, so that results on them flatter the model. Sequences and sites are
/// those of tables; bursts are found by EXIF, if it is there. None if options.group says what belongs together.
std::optional<core::Problem> warning_of_torn_groups(const SplitImages& images, const DataOptions& options);

}  // namespace kaziranga::data
