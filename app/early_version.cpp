// Answers `kaziranga --version` before LibTorch starts. LibTorch registers its thousands of operators when it is
// loaded, which takes several times as long as everything else that a program does to say its version; an executable's
// preinit functions run before those of its libraries. Every other command line goes on to main.

#include <string_view>

#include <unistd.h>

#if defined(__GLIBC__)  // which hands main's arguments to preinit functions

extern "C" void answer_version(int argc, char** argv, char**) {
    constexpr std::string_view kAnswer = KAZIRANGA_VERSION "\n";
    if (argc != 2 || std::string_view(argv[1]) != "--version") return;
    // What cannot be written is left to main, which says why.
    if (::write(STDOUT_FILENO, kAnswer.data(), kAnswer.size()) == ssize_t{kAnswer.size()}) ::_exit(0);
}

__attribute__((section(".preinit_array"), used)) void (*const kAnswerVersion)(int, char**, char**) = answer_version;

#endif
