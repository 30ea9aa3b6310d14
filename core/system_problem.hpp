#pragma once

#include "core/error.hpp"

#include <filesystem>
#include <string>

namespace kaziranga::core {

/// What the operating system refused, with its own words as what was found and a remedy that fits them.
/// @param what   was tried: "cannot write the file"
/// @param where  the file or folder
/// @param code   an errno
Problem system_problem(std::string what, const std::filesystem::path& where, int code);

}  // namespace kaziranga::core
