#pragma once

#include "core/config/description.hpp"
#include "core/config/document.hpp"

#include <string>
#include <vector>

namespace kaziranga::core::config {

/// Stores a value in its field if the field accepts it. A refused value does not change the field.
/// @returns why a value is refused; each `key` is empty, and `problem.what` does not contain the key
std::vector<PlacedProblem> read_value(const Field& field, const Slot& slot, const Node& node);

}  // namespace kaziranga::core::config
