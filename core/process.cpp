#include "core/process.hpp"

#include "core/error.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace kaziranga::core {
namespace {

/// An anonymous file in memory. Unlike a pipe, it does not block the writer when nobody reads.
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

constexpr int kSignalled = 128;

/// Runs in the child process after fork. Calls only functions that are safe after a fork of a multi-threaded program.
[[noreturn]] void become(char* const* argv, const std::array<int, 3>& descriptors, int telling) {
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    for (const int ignored : {SIGPIPE, SIGXFSZ}) std::signal(ignored, SIG_DFL);  // what other programs expect
    for (int i = 0; i < 3; ++i) ::dup2(descriptors[static_cast<size_t>(i)], i);
    ::execvp(argv[0], argv);
    const int code = errno;
    [[maybe_unused]] const ssize_t told = ::write(telling, &code, sizeof code);
    ::_exit(kSignalled - 1);
}

}  // namespace

struct Process::Files {
    MemoryFile in, out, err;
};

Process::Process(const std::vector<std::string>& arguments, const std::string& input, const std::string& remedy)
    : files_(std::make_unique<Files>()) {
    files_->in.write(input);
    std::vector<char*> argv;
    for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    const std::array<int, 3> descriptors = {files_->in.descriptor(), files_->out.descriptor(),
                                            files_->err.descriptor()};
    std::array<int, 2> pipe{};  // closed by a successful exec; otherwise the child writes its errno
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe2");
    child_ = ::fork();
    if (child_ == 0) become(argv.data(), descriptors, pipe[1]);
    ::close(pipe[1]);
    int code = child_ < 0 ? errno : 0;
    if (child_ > 0) {
        while (::read(pipe[0], &code, sizeof code) < 0 && errno == EINTR) {
        }
    }
    ::close(pipe[0]);
    if (code == 0) return;
    if (child_ > 0) wait();
    child_ = 0;
    throw Error({.what = "cannot start the program",
                 .where = arguments.front(),
                 .found = std::strerror(code),
                 .remedy = remedy});
}

Process::Process(Process&& other) noexcept
    : files_(std::move(other.files_)), child_(std::exchange(other.child_, 0)), status_(other.status_) {}

Process::~Process() {
    if (child_ <= 0) return;
    stop();
    while (::waitpid(child_, &status_, 0) < 0 && errno == EINTR) {
    }
}

bool Process::ended() {
    if (child_ > 0 && ::waitpid(child_, &status_, WNOHANG) == child_) child_ = 0;
    return child_ <= 0;
}

void Process::stop() const {
    if (child_ > 0) ::kill(child_, SIGTERM);
}

ProcessResult Process::wait() {
    while (child_ > 0) {
        if (::waitpid(child_, &status_, 0) == child_) {
            child_ = 0;
        } else if (errno != EINTR) {
            throw std::system_error(errno, std::generic_category(), "waitpid");
        }
    }
    const int code = WIFSIGNALED(status_) ? kSignalled + WTERMSIG(status_) : WEXITSTATUS(status_);
    return {.exit_code = code, .output = files_->out.read_all(), .errors = files_->err.read_all()};
}

ProcessResult run_program(const std::vector<std::string>& arguments, const std::string& input,
                          const std::string& remedy) {
    return Process(arguments, input, remedy).wait();
}

}  // namespace kaziranga::core
