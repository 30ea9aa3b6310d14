// Work that must be done before LibTorch and its libraries are initialised. The preinit functions of an executable run
// before the initialisers of its libraries.

#include <cstddef>
#include <string_view>

#include <unistd.h>

#if defined(__GLIBC__)  // glibc passes main's arguments and the environment to preinit functions

namespace {

/// Handles `kaziranga --version`. LibTorch registers thousands of operators when it is loaded, which takes several
/// times as long as everything else that is needed to print the version.
void answer_version(int argc, char** argv) {
    constexpr std::string_view kAnswer = KAZIRANGA_VERSION "\n";
    if (argc != 2 || std::string_view(argv[1]) != "--version") return;
    // If writing fails, main tries again and reports the error.
    if (::write(STDOUT_FILENO, kAnswer.data(), kAnswer.size()) == ssize_t{kAnswer.size()}) ::_exit(0);
}

/// OpenMP threads that wait for others try again and again, by default for milliseconds. While another program uses a
/// processor, the thread that the others wait for needs it, and a training takes ten times as long (docs/results.md).
/// This number of tries, some hundredths of a millisecond, costs nothing measurable on an idle machine. GNU's OpenMP
/// reads it once, when it is initialised, so the program starts itself again with it. A user's setting is left alone.
void wait_briefly(char** argv, char** environment) {
    static char setting[] = "GOMP_SPINCOUNT=2000";
    constexpr size_t kMostVariables = 4096;
    static char* extended[kMostVariables + 2];
    size_t count = 0;
    for (; environment[count] != nullptr; ++count) {
        const std::string_view variable = environment[count];
        if (variable.starts_with("GOMP_SPINCOUNT=") || variable.starts_with("OMP_WAIT_POLICY=")) return;
        if (count == kMostVariables) return;
        extended[count] = environment[count];
    }
    extended[count] = setting;
    ::execve("/proc/self/exe", argv, extended);  // where it fails, the program goes on without
}

}  // namespace

extern "C" void before_libtorch(int argc, char** argv, char** environment) {
    answer_version(argc, argv);
    wait_briefly(argv, environment);
}

__attribute__((section(".preinit_array"), used)) void (*const kBeforeLibtorch)(int, char**, char**) = before_libtorch;

#endif
