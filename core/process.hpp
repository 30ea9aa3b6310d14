#pragma once

#include <memory>
#include <string>
#include <vector>

#include <sys/types.h>

namespace kaziranga::core {

struct ProcessResult {
    int exit_code = 0;  ///< 128 and the signal's number where one ended it
    std::string output;
    std::string errors;
};

/// Another program that runs beside this one, started without a shell. When this program ends, however that comes, the
/// other is asked to end too (SIGTERM).
class Process {
  public:
    /// @param arguments  the program, looked for in PATH, and what it is given
    /// @param input      its standard input
    /// @param remedy     what to do when there is no such program
    /// @throws core::Error when it cannot be started
    Process(const std::vector<std::string>& arguments, const std::string& input, const std::string& remedy);
    /// One that still runs is asked to end, and waited for.
    ~Process();
    Process(Process&& other) noexcept;
    Process& operator=(Process&&) = delete;

    /// Whether it has ended.
    bool ended();

    /// Asks it to end (SIGTERM).
    void stop() const;

    /// Waits until it ends.
    ProcessResult wait();

  private:
    struct Files;
    std::unique_ptr<Files> files_;
    pid_t child_ = 0;  ///< 0: has ended and was heard of
    int status_ = 0;
};

/// Runs another program and waits for it; parameters and errors are Process's.
ProcessResult run_program(const std::vector<std::string>& arguments, const std::string& input,
                          const std::string& remedy);

/// This program, to be started anew: the very file that runs, even when another has taken its place since.
inline constexpr const char* kOwnProgram = "/proc/self/exe";

}  // namespace kaziranga::core
