#pragma once

#include "core/config/description.hpp"
#include "core/config/document.hpp"

#include <string>
#include <vector>

namespace kaziranga::core::config {

/// Why a value is not taken; `problem.what` is without the key.
struct Refusal {
    Position position;
    Problem problem;
};

/// Puts a value into its field if the field may have it. What was refused leaves the field as it was.
std::vector<Refusal> read_value(const Field& field, const Slot& slot, const Node& node);

}  // namespace kaziranga::core::config
