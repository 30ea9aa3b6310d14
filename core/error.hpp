#pragma once

#include <exception>
#include <stdexcept>
#include <string>
#include <vector>

namespace kaziranga::core {

/// How the program ends when the user can mend what is wrong.
inline constexpr int kUserErrorExit = 2;

/// One thing that is wrong, told so that a user can mend it. Every part but `what` may be empty.
struct Problem {
    std::string what;      ///< what failed, in a few words
    std::string where;     ///< file, file:line:column, key or image
    std::string expected;  ///< what would have been right
    std::string found;     ///< what was there instead
    std::string remedy;    ///< what to do now
};

/// "where: what (expected …, found …); remedy" on one line; control characters of file content are escaped, and what is
/// longer than any sentence or path is cut off.
std::string to_line(const Problem& problem);

/// Something a user can mend: bad config, bad file, bad argument. Ends the program with exit code 2.
/// A broken precondition of our own is TORCH_CHECK or assert instead.
class Error : public std::runtime_error {
  public:
    explicit Error(Problem problem);

    /// Several problems at once, one line each in what().
    explicit Error(std::vector<Problem> problems);

    const std::vector<Problem>& problems() const { return problems_; }

  private:
    std::vector<Problem> problems_;
};

/// The user asked to stop; thrown by throw_if_interrupted. Ends the program with exit code 130.
class Interrupted : public std::exception {
  public:
    const char* what() const noexcept override { return "interrupted"; }
};

}  // namespace kaziranga::core
