#include "core/shortened_file.hpp"

#include "core/error.hpp"

#include <csignal>
#include <string_view>

#include <unistd.h>

namespace kaziranga::core {
namespace {

/// May call only functions that are safe in a signal handler, so it cannot name the file.
extern "C" void on_bus_error(int, siginfo_t* info, void*) {
    if (info->si_code != BUS_ADRERR) {  // not a missing page: a bug, handled by the default action
        std::signal(SIGBUS, SIG_DFL);
        return;
    }
    constexpr std::string_view kSaid =
        "\nkaziranga: a file of weights or features became shorter while it was read, or its disk failed; see that no "
        "other program writes it, and give the command again\n";
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, kSaid.data(), kSaid.size());
    ::_exit(kUserErrorExit);
}

}  // namespace

void explain_shortened_files() {
    struct sigaction action = {};
    action.sa_sigaction = on_bus_error;
    action.sa_flags = SA_SIGINFO;
    ::sigaction(SIGBUS, &action, nullptr);
}

}  // namespace kaziranga::core
