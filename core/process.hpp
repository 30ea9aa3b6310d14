#pragma once

#include <string>
#include <vector>

namespace kaziranga::core {

struct ProcessResult {
    int exit_code = 0;  ///< 128 and the signal's number where one ended it
    std::string output;
    std::string errors;
};

/// Runs another program, without a shell, and waits for it.
/// @param arguments  the program, looked for in PATH, and what it is given
/// @param input      its standard input
/// @param remedy     what to do when there is no such program
/// @throws core::Error when it cannot be started
ProcessResult run_program(const std::vector<std::string>& arguments, const std::string& input,
                          const std::string& remedy);

}  // namespace kaziranga::core
