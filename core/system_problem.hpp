#pragma once

#include "core/error.hpp"

#include <filesystem>
#include <string>

namespace kaziranga::core {

/// Describes an operating system error: `found` is the system's message, `remedy` depends on the error code.
/// @param what   the failed action: "cannot write the file"
/// @param where  the file or folder
/// @param code   an errno
Problem system_problem(std::string what, const std::filesystem::path& where, int code);

}  // namespace kaziranga::core
