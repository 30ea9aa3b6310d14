#pragma once

#include <memory>
#include <string>
#include <vector>

#include <sys/types.h>

namespace kaziranga::core {

struct ProcessResult {
    int exit_code = 0;  ///< 128 + the number of the signal, if a signal ended the process
    std::string output;
    std::string errors;
};

/// A child process, started without a shell. When this program ends for any reason, the child process receives SIGTERM.
class Process {
  public:
    /// @param arguments  the program, searched in PATH, and its arguments
    /// @param input      its standard input
    /// @param remedy     what to do if the program does not exist
    /// @throws core::Error when it cannot be started
    Process(const std::vector<std::string>& arguments, const std::string& input, const std::string& remedy);
    /// Sends SIGTERM if the process still runs, and waits until it has ended.
    ~Process();
    Process(Process&& other) noexcept;
    Process& operator=(Process&&) = delete;

    /// True once the process has ended.
    bool ended();

    /// Sends SIGTERM to the process.
    void stop() const;

    /// Waits until the process has ended.
    ProcessResult wait();

  private:
    struct Files;
    std::unique_ptr<Files> files_;
    pid_t child_ = 0;  ///< 0: has ended, and its status was collected
    int status_ = 0;
};

/// Runs another program and waits for it. Parameters and errors are those of Process.
ProcessResult run_program(const std::vector<std::string>& arguments, const std::string& input,
                          const std::string& remedy);

/// Path to start this program again: the running executable itself, even if its file was replaced.
inline constexpr const char* kOwnProgram = "/proc/self/exe";

}  // namespace kaziranga::core
