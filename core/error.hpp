#pragma once

#include <exception>
#include <stdexcept>
#include <string>
#include <vector>

namespace kaziranga::core {

/// Exit code for problems that the user can fix.
inline constexpr int kUserErrorExit = 2;

/// A problem, described so that the user can fix it. All members except `what` may be empty.
struct Problem {
    std::string what;      ///< what failed, in a few words
    std::string where;     ///< file, file:line:column, key or image
    std::string expected;  ///< the correct value or state
    std::string found;     ///< the actual value or state
    std::string remedy;    ///< how to fix it
};

/// Returns "where: what (expected …, found …); remedy" on one line. Control characters are escaped, and very long parts
/// are cut off.
std::string to_line(const Problem& problem);

/// A problem that the user can fix: bad config, bad file, bad argument. Ends the program with exit code 2.
/// Violated preconditions in our own code use TORCH_CHECK or assert instead.
class Error : public std::runtime_error {
  public:
    explicit Error(Problem problem);

    /// Several problems at once, one line each in what().
    explicit Error(std::vector<Problem> problems);

    const std::vector<Problem>& problems() const { return problems_; }

  private:
    std::vector<Problem> problems_;
};

/// Thrown by throw_if_interrupted when the user asked to stop. Ends the program with exit code 130.
class Interrupted : public std::exception {
  public:
    const char* what() const noexcept override { return "interrupted"; }
};

}  // namespace kaziranga::core
