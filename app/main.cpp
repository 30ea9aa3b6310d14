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
#include <sys/stat.h>
#include <unistd.h>

namespace {

enum ExitCode { kSuccess = 0, kBug = 1, kUserError = kaziranga::core::kUserErrorExit, kInterrupted = 130 };

/// The first signal requests that the work saves and stops. The second signal ends the program by the default action.
extern "C" void on_signal(int signal) {
    kaziranga::core::request_interrupt();
    constexpr std::string_view kSaid = "\nkaziranga: stopping; again to end at once\n";
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, kSaid.data(), kSaid.size());
    std::signal(signal, SIG_DFL);
}

/// SIGINT, SIGTERM and SIGHUP request that the work saves and stops. SIGPIPE and SIGXFSZ are ignored: the failed write
/// returns an error, and the program can still save.
void listen_to_signals() {
    for (const int signal : {SIGINT, SIGTERM}) std::signal(signal, on_signal);
    if (std::signal(SIGHUP, on_signal) == SIG_IGN) std::signal(SIGHUP, SIG_IGN);  // nohup: stays ignored
    for (const int signal : {SIGPIPE, SIGXFSZ}) std::signal(signal, SIG_IGN);
}

/// Returns the innermost verb on the command line; the program itself if there is none.
const CLI::App& given_verb(const CLI::App& program) {
    const CLI::App* verb = &program;
    while (!verb->get_subcommands().empty()) verb = verb->get_subcommands().front();
    return *verb;
}

/// Returns the help command for the given verbs, for example "kaziranga cache list --help".
std::string help_of(const CLI::App& program) {
    std::string command = "kaziranga ";
    for (const CLI::App* verb = &program; !verb->get_subcommands().empty();) {
        verb = verb->get_subcommands().front();
        command += verb->get_name() + " ";
    }
    return command + "--help";
}

/// Suggests a correction for an argument that the verb does not know.
std::string remedy_for(const std::string& unknown, const CLI::App& verb) {
    std::error_code code;
    if (unknown.starts_with('-') && std::filesystem::exists(unknown, code))
        return "a path that begins with '-' is written ./" + unknown;
    std::vector<std::string> options;
    for (const CLI::Option* option : verb.get_options()) {
        for (const std::string& name : option->get_lnames()) options.push_back("--" + name);
    }
    std::string near = kaziranga::core::did_you_mean(unknown, options);
    if (!near.empty()) return near;
    const bool takes_settings = verb.get_option_no_throw("overrides") != nullptr;
    const size_t start = unknown.find_first_not_of('-');
    if (!takes_settings || start == 0 || start == std::string::npos) return "leave it out";
    const std::string setting = unknown.substr(start);
    return "settings are written without dashes: " + setting + (setting.find('=') == std::string::npos ? "=…" : "");
}

/// Describes the error in a command line. CLI11 reports a missing argument first, even if the real error is a typo.
std::string command_line_problem(const CLI::App& program, const CLI::ParseError& error) {
    using kaziranga::core::printable;
    const CLI::App& verb = given_verb(program);
    const std::vector<std::string> unknown = program.remaining(true);
    std::vector<std::string> verbs;
    for (const CLI::App* known : verb.get_subcommands([](const CLI::App*) { return true; })) {
        verbs.push_back(known->get_name());
    }
    const std::string all = "take one of " + kaziranga::core::join(verbs, ", ");
    if (unknown.empty()) return verbs.empty() ? printable(error.what()) : "no verb was given; " + all;
    const std::string said = "unknown argument '" + printable(unknown.front()) + "'; ";
    if (unknown.front() == "help") return said + "give --help";
    if (verbs.empty()) return said + printable(remedy_for(unknown.front(), verb));
    std::string near = kaziranga::core::did_you_mean(unknown.front(), verbs);
    return said + (near.empty() ? all : near);
}

/// Returns how to continue after a verb was stopped.
std::string how_to_go_on(const std::string& verb) {
    if (verb == "train") return "go on with resume=true";
    if (verb == "sweep" || verb == "reproduce") return "the same command goes on";
    if (verb == "predict") return "with --output the same command goes on; without it nothing is kept";
    return "the same command begins anew";
}

/// Converts an operating system error, thrown by the standard library, into a message.
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
    for (kaziranga::app::AddVerb* add : kaziranga::app::kVerbs) add(program);
    try {
        program.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) {  // --help, --version
            std::ostringstream said;       // CLI11 flushes its output, and main would miss a full disk
            const int code = program.exit(error, said, std::cerr);
            std::cout << said.str();
            return code;
        }
        std::cerr << "kaziranga: " << command_line_problem(program, error) << "\nkaziranga: see " << help_of(program)
                  << '\n';
        return kUserError;
    } catch (const kaziranga::core::Interrupted&) {
        kaziranga::core::log().warn("interrupted; {}", how_to_go_on(program.get_subcommands().front()->get_name()));
        return kInterrupted;
    }
    return kSuccess;
}

/// Where output and error output go to one file (2>&1), a line of one must not be cut by a line of the other.
void keep_lines_whole() {
    struct stat out{}, err{};
    const bool one_file = ::fstat(STDOUT_FILENO, &out) == 0 && ::fstat(STDERR_FILENO, &err) == 0 &&
                          out.st_dev == err.st_dev && out.st_ino == err.st_ino;
    if (one_file) std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);
}

}  // namespace

int main(int argc, char** argv) {
    kaziranga::core::keep_freed_memory();
    keep_lines_whole();
    listen_to_signals();
    kaziranga::core::explain_shortened_files();
    kaziranga::app::log_to_console();
    kaziranga::core::show_progress(std::make_unique<kaziranga::app::ConsoleProgress>());
    try {
        const int code = run(argc, argv);
        if (std::fflush(stdout) != 0)
            throw std::system_error(errno, std::generic_category(), "cannot write the output");
        return code;
    } catch (const kaziranga::core::Error& error) {
        std::cerr << error.what() << '\n';  // one line per problem, "file:line:column: …" as editors expect
        return kUserError;
    } catch (const std::filesystem::filesystem_error& error) {
        std::cerr << refused(error, error.path1()) << '\n';
        return kUserError;
    } catch (const std::system_error& error) {  // for example standard output on a full disk
        std::cerr << refused(error, "") << '\n';
        return kUserError;
    } catch (const std::exception& error) {
        std::istringstream lines(error.what());
        kaziranga::core::log().critical("this is a bug:");
        for (std::string line; std::getline(lines, line);) kaziranga::core::log().critical("{}", line);
        return kBug;
    }
}
