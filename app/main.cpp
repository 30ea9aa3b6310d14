#include "app/commands/commands.hpp"
#include "app/console.hpp"
#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/log.hpp"
#include "core/memory.hpp"
#include "core/shortened_file.hpp"
#include "core/system_problem.hpp"
#include "core/text.hpp"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <iostream>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <unistd.h>

namespace {

enum ExitCode { kSuccess = 0, kBug = 1, kUserError = 2, kInterrupted = 130 };

/// The first signal asks the work to save and stop; the second ends the program as if nobody had listened.
extern "C" void on_signal(int signal) {
    kaziranga::core::request_interrupt();
    constexpr std::string_view kSaid = "\nkaziranga: stopping; again to end at once\n";
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, kSaid.data(), kSaid.size());
    std::signal(signal, SIG_DFL);
}

/// Each of these asks to save and stop. A write to a reader that has gone away, or beyond the longest file allowed, is
/// a fault of that write, which says so, and no reason to end without saving.
void listen_to_signals() {
    for (const int signal : {SIGINT, SIGTERM}) std::signal(signal, on_signal);
    if (std::signal(SIGHUP, on_signal) == SIG_IGN) std::signal(SIGHUP, SIG_IGN);  // nohup
    for (const int signal : {SIGPIPE, SIGXFSZ}) std::signal(signal, SIG_IGN);
}

/// A mistyped or missing verb gets the nearest one, or all there are, beside CLI11's own message.
std::string verb_hint(const CLI::App& program, int argc, char** argv) {
    const CLI::App* parsed = &program;
    int depth = 0;
    while (!parsed->get_subcommands().empty()) {
        parsed = parsed->get_subcommands().front();
        ++depth;
    }
    std::vector<std::string> verbs;
    for (const CLI::App* verb : parsed->get_subcommands([](const CLI::App*) { return true; })) {
        verbs.push_back(verb->get_name());
    }
    if (verbs.empty()) return {};
    const std::string hint = depth + 1 < argc ? kaziranga::core::did_you_mean(argv[depth + 1], verbs) : "";
    return "; " + (hint.empty() ? "take one of " + kaziranga::core::join(verbs, ", ") : hint);
}

/// What the standard library throws when the operating system refuses.
std::string refused(const std::system_error& error, const std::filesystem::path& where) {
    std::string what = error.what();  // "filesystem error: cannot rename: Permission denied [from] [to]"
    constexpr std::string_view kStart = "filesystem error: ";
    if (what.starts_with(kStart)) what.erase(0, kStart.size());
    return kaziranga::core::to_line(
        kaziranga::core::system_problem(what.substr(0, what.find(": ")), where, error.code().value()));
}

int run(int argc, char** argv) {
    CLI::App program("kaziranga: few-shot image classifiers from a frozen pretrained backbone, from one YAML file");
    program.set_version_flag("--version", KAZIRANGA_VERSION);
    program.require_subcommand(1);
    kaziranga::app::add_check(program);
    kaziranga::app::add_train(program);
    kaziranga::app::add_sweep(program);
    kaziranga::app::add_val(program);
    kaziranga::app::add_predict(program);
    kaziranga::app::add_generate(program);
    kaziranga::app::add_study(program);
    kaziranga::app::add_reproduce(program);
    kaziranga::app::add_cache(program);
    kaziranga::app::add_reference(program);
    try {
        program.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) {  // --help, --version
            std::ostringstream said;       // CLI11 flushes what it writes, and main would not hear of a full disk
            const int code = program.exit(error, said, std::cerr);
            std::cout << said.str();
            return code;
        }
        std::cerr << "kaziranga: " << kaziranga::core::printable(error.what()) << verb_hint(program, argc, argv)
                  << "\nkaziranga: see kaziranga --help\n";
        return kUserError;
    }
    return kSuccess;
}

}  // namespace

int main(int argc, char** argv) {
    kaziranga::core::keep_freed_memory();
    listen_to_signals();
    kaziranga::core::explain_shortened_files();
    kaziranga::app::log_to_console();
    kaziranga::core::show_progress(std::make_unique<kaziranga::app::ConsoleProgress>());
    try {
        const int code = run(argc, argv);
        if (std::fflush(stdout) != 0)
            throw std::system_error(errno, std::generic_category(), "cannot write the output");
        return code;
    } catch (const kaziranga::core::Interrupted&) {
        kaziranga::core::log().warn(
            "interrupted; a training goes on with resume=true, a sweep, a reproduction or predict --output with the "
            "same command, a study begins anew");
        return kInterrupted;
    } catch (const kaziranga::core::Error& error) {
        std::cerr << error.what() << '\n';  // a line a fault, "file:line:column: …" at its start, as editors expect
        return kUserError;
    } catch (const std::filesystem::filesystem_error& error) {
        std::cerr << refused(error, error.path1()) << '\n';
        return kUserError;
    } catch (const std::system_error& error) {  // standard output on a full disk, say
        std::cerr << refused(error, "") << '\n';
        return kUserError;
    } catch (const std::exception& error) {
        std::istringstream lines(error.what());
        kaziranga::core::log().critical("this is a bug:");
        for (std::string line; std::getline(lines, line);) kaziranga::core::log().critical("{}", line);
        return kBug;
    }
}
