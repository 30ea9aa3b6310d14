// Handles `kaziranga --version` before LibTorch is initialised. LibTorch registers thousands of operators when it is
// loaded, which takes several times as long as everything else that is needed to print the version. The preinit
// functions of an executable run before the initialisers of its libraries. All other command lines continue to main.

#include <string_view>

#include <unistd.h>

#if defined(__GLIBC__)  // glibc passes main's arguments to preinit functions

extern "C" void answer_version(int argc, char** argv, char**) {
    constexpr std::string_view kAnswer = KAZIRANGA_VERSION "\n";
    if (argc != 2 || std::string_view(argv[1]) != "--version") return;
    // If writing fails, main tries again and reports the error.
    if (::write(STDOUT_FILENO, kAnswer.data(), kAnswer.size()) == ssize_t{kAnswer.size()}) ::_exit(0);
}

__attribute__((section(".preinit_array"), used)) void (*const kAnswerVersion)(int, char**, char**) = answer_version;

#endif
