#include "core/process.hpp"

#include "core/error.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace kaziranga::core {
namespace {

/// A file without a name, in memory: unlike a pipe it cannot fill up while nobody reads.
class MemoryFile {
  public:
    MemoryFile() : descriptor_(::memfd_create("kaziranga", MFD_CLOEXEC)) {
        if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), "memfd_create");
    }
    ~MemoryFile() { ::close(descriptor_); }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;

    int descriptor() const { return descriptor_; }

    void write(const std::string& text) {
        for (size_t done = 0; done < text.size();) {
            const ssize_t written = ::write(descriptor_, text.data() + done, text.size() - done);
            if (written < 0 && errno != EINTR) throw std::system_error(errno, std::generic_category(), "write");
            if (written > 0) done += static_cast<size_t>(written);
        }
        ::lseek(descriptor_, 0, SEEK_SET);
    }

    std::string read_all() {
        ::lseek(descriptor_, 0, SEEK_SET);
        std::string text;
        std::array<char, 1 << 16> buffer{};
        for (ssize_t got = 0; (got = ::read(descriptor_, buffer.data(), buffer.size())) != 0;) {
            if (got < 0 && errno != EINTR) throw std::system_error(errno, std::generic_category(), "read");
            if (got > 0) text.append(buffer.data(), static_cast<size_t>(got));
        }
        return text;
    }

  private:
    int descriptor_;
};

int wait_for(pid_t child) {
    int status = 0;
    while (::waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "waitpid");
    }
    constexpr int kSignalled = 128;
    return WIFSIGNALED(status) ? kSignalled + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

ProcessResult run_program(const std::vector<std::string>& arguments, const std::string& input,
                          const std::string& remedy) {
    MemoryFile in, out, err;
    in.write(input);
    std::vector<char*> argv;
    for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);

    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, in.descriptor(), STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, out.descriptor(), STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, err.descriptor(), STDERR_FILENO);
    pid_t child = 0;
    const int code = ::posix_spawnp(&child, argv[0], &actions, nullptr, argv.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    if (code != 0) {
        throw Error({.what = "cannot start the program",
                     .where = arguments.front(),
                     .found = std::strerror(code),
                     .remedy = remedy});
    }
    return {.exit_code = wait_for(child), .output = out.read_all(), .errors = err.read_all()};
}

}  // namespace kaziranga::core
