#include "core/error.hpp"

#include "core/text.hpp"

namespace kaziranga::core {
namespace {

constexpr size_t kLongestPath = 4096;  ///< bytes: Linux's PATH_MAX
constexpr size_t kLongestPart = 2000;  ///< bytes: enough for a list of some tens of names

/// Cuts a long text. Messages may contain text from files, for example a label of a megabyte.
std::string shortened(const std::string& text, size_t longest) {
    if (text.size() <= longest) return text;
    size_t end = longest;
    const auto is_inside_letter = [&] { return (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U; };
    while (end > 0 && is_inside_letter()) --end;
    return text.substr(0, end) + "…";
}

std::string to_lines(const std::vector<Problem>& problems) {
    std::string lines;
    for (const Problem& problem : problems) {
        if (!lines.empty()) lines += '\n';
        lines += to_line(problem);
    }
    return lines;
}

}  // namespace

std::string to_line(const Problem& given) {
    const Problem problem{.what = shortened(given.what, kLongestPart),
                          .where = shortened(given.where, kLongestPath),
                          .expected = shortened(given.expected, kLongestPart),
                          .found = shortened(given.found, kLongestPart),
                          .remedy = shortened(given.remedy, kLongestPart)};
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
