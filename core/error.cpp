#include "core/error.hpp"

#include "core/text.hpp"

namespace kaziranga::core {
namespace {

std::string to_lines(const std::vector<Problem>& problems) {
    std::string lines;
    for (const Problem& problem : problems) {
        if (!lines.empty()) lines += '\n';
        lines += to_line(problem);
    }
    return lines;
}

}  // namespace

std::string to_line(const Problem& problem) {
    std::string line;
    if (!problem.where.empty()) line += problem.where + ": ";
    line += problem.what;
    if (!problem.expected.empty() && !problem.found.empty()) {
        line += " (expected " + problem.expected + ", found " + problem.found + ")";
    } else if (!problem.expected.empty()) {
        line += " (expected " + problem.expected + ")";
    } else if (!problem.found.empty()) {
        line += " (found " + problem.found + ")";
    }
    if (!problem.remedy.empty()) line += "; " + problem.remedy;
    return printable(line);
}

Error::Error(Problem problem) : Error(std::vector<Problem>{std::move(problem)}) {}

Error::Error(std::vector<Problem> problems) : std::runtime_error(to_lines(problems)), problems_(std::move(problems)) {}

}  // namespace kaziranga::core
