#pragma once

#include "core/config/document.hpp"

#include <set>
#include <string>
#include <vector>

namespace kaziranga::core::config {

/// Collects the problems of a text and of the overrides, and throws all of them together in order.
class ProblemList {
  public:
    /// @param name  name of the text in messages
    explicit ProblemList(std::string name) : name_(std::move(name)) {}

    /// Stores a problem and sets its `where`. After kMostProblems of them, only the keys of further ones are stored.
    /// @param source  source of the override that has the problem; empty: the problem is in the text
    void add(PlacedProblem placed, const std::string& source = {});

    bool is_full() const { return ranked_.size() >= kMostProblems; }

    /// True if no problem belongs to the key or to a key below it.
    bool is_clean(const std::string& key) const;

    /// @throws core::Error with every problem: those of the text by position, then those of overrides
    void throw_if_any();

  private:
    /// A problem and its rank in the order of the message.
    struct Ranked {
        int rank;
        PlacedProblem placed;
    };

    std::string where(Position position) const;

    std::string name_;
    std::vector<Ranked> ranked_;
    std::set<std::string> tainted_;
    bool more_ = false;
};

}  // namespace kaziranga::core::config
