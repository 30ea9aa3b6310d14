#pragma once

#include "core/error.hpp"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kaziranga::core::config {

/// A position in a text. Line and column count from 1; columns are code points. Line 0: no position.
struct Position {
    int64_t line = 0;
    int64_t column = 0;
    auto operator<=>(const Position&) const = default;
};

/// A problem at a position of the text. `key` is the dotted key that has it; `problem.where` is empty.
struct PlacedProblem {
    Position position;
    std::string key;
    Problem problem;
};

struct Entry;

/// One value of a YAML text.
struct Node {
    enum class Kind {
        kNull,  ///< null, ~ or no value
        kScalar,
        kList,
        kMap,
        kRefused,  ///< not supported in configs (an alias); its problem is already in Document::problems
    };
    Kind kind = Kind::kNull;
    bool quoted = false;     ///< the scalar is in quotes or is a block scalar
    std::string text = {};   ///< the text of a scalar
    Position position = {};  ///< for a missing value: the position of its key
    std::vector<Node> items = {};
    std::vector<Entry> entries;
};

struct Entry {
    std::string key;
    Position position;
    Node value;
};

struct Document {
    Node root;
    std::vector<PlacedProblem>
        problems;          ///< for example duplicate keys, aliases, anchors, tags, keys that are not words
    bool complete = true;  ///< false: the text is not valid YAML, and `root` must not be used
};

/// Maximum number of problems that are reported for one text.
inline constexpr size_t kMostProblems = 100;

/// Parses one YAML document. Problems of the text are stored in the result; they throw no exception.
Document read_document(std::string_view text);

/// Returns "a.b", or "b" if the prefix is empty.
std::string dotted(const std::string& prefix, const std::string& key);

/// Shortens text of the user for a message: at most one line.
std::string shown(std::string_view text);

}  // namespace kaziranga::core::config
