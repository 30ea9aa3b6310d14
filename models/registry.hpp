#pragma once

#include "models/architecture.hpp"

#include <string>
#include <vector>

namespace kaziranga::models {

/// @throws core::Error for an unknown name, with all names and the nearest one
const Architecture& find_architecture(const std::string& name);

/// All names, in order.
std::vector<std::string> architecture_names();

}  // namespace kaziranga::models
