#pragma once

#include "core/config/description.hpp"
#include "core/config/document.hpp"

#include <string>
#include <vector>

namespace kaziranga::core::config {

/// The reason why a value is refused. `problem.what` does not contain the key.
struct Refusal {
    Position position;
    Problem problem;
};

/// Stores a value in its field if the field accepts it. A refused value does not change the field.
std::vector<Refusal> read_value(const Field& field, const Slot& slot, const Node& node);

}  // namespace kaziranga::core::config
