#pragma once

#include "studies/common/study.hpp"

#include <string>
#include <vector>

namespace kaziranga::studies {

/// All studies, in the order of the questions.
const std::vector<Study>& studies();

/// @throws core::Error for an unknown name, with all names and the nearest one
const Study& find_study(const std::string& name);

}  // namespace kaziranga::studies
