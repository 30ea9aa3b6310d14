#pragma once

#include "core/error.hpp"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kaziranga::core::config {

/// A place in a text, both from 1, columns in code points. Line 0: no place.
struct Position {
    int64_t line = 0;
    int64_t column = 0;
    auto operator<=>(const Position&) const = default;
};

/// Something wrong at a place. `problem.where` is empty; `key` is the dotted key it concerns.
struct Fault {
    Position position;
    std::string key;
    Problem problem;
};

struct Entry;

/// One value of a YAML text.
struct Node {
    enum class Kind {
        kNull,  ///< null, ~ or nothing at all
        kScalar,
        kList,
        kMap,
        kRefused,  ///< something configs do not have (an alias); its fault is in the document already
    };
    Kind kind = Kind::kNull;
    bool quoted = false;     ///< a scalar in quotes, or a block of text
    std::string text = {};   ///< of a scalar
    Position position = {};  ///< of a missing value: its key's
    std::vector<Node> items = {};
    std::vector<Entry> entries = {};
};

struct Entry {
    std::string key;
    Position position;
    Node value;
};

struct Document {
    Node root;
    std::vector<Fault> faults;  ///< duplicate keys, aliases, anchors, tags, keys that are no words, and the like
    bool complete = true;       ///< false: the text is no YAML, and `root` is not to be read
};

/// So many faults of a text are told; a text with more is no config.
inline constexpr size_t kMostFaults = 100;

/// Parses one YAML document. Every fault of the text is in the result; nothing is thrown for it.
Document read_document(std::string_view text);

/// "a.b", or "b" where the prefix is empty.
std::string dotted(const std::string& prefix, const std::string& key);

/// Text of a user as a message shows it: not longer than a line.
std::string shown(std::string_view text);

}  // namespace kaziranga::core::config
