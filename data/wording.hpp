#pragma once

#include "core/error.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace kaziranga::data {

/// Returns "1 image", "2 images", "2 classes".
inline std::string counted(size_t count, const std::string& thing) {
    if (count == 1) return "1 " + thing;
    return std::to_string(count) + " " + thing + (thing.ends_with('s') ? "es" : "s");
}

/// Returns "a", "a and b", "a, b and 7 more": shows only the first `limit` words of a long list.
inline std::string listed(const std::vector<std::string>& words, size_t limit = 5) {
    const size_t shown = std::min(words.size(), limit);
    std::string out;
    for (size_t i = 0; i < shown; ++i) {
        const bool last = i + 1 == words.size();
        out += (i == 0 ? "" : last ? " and " : ", ") + words[i];
    }
    if (words.size() > shown) out += " and " + std::to_string(words.size() - shown) + " more";
    return out;
}

/// Like listed(), with each name in quotation marks.
inline std::string some_of(const std::vector<std::string>& names, size_t limit = 5) {
    std::vector<std::string> quoted;
    for (const std::string& name : names) quoted.push_back("'" + name + "'");
    return listed(quoted, limit);
}

/// Keeps the first `limit` problems and adds a line with the number of the others.
inline void cap(std::vector<core::Problem>& problems, size_t limit = 50) {
    if (problems.size() <= limit) return;
    const size_t rest = problems.size() - limit;
    const std::string what = "and " + std::to_string(rest) + " more like these";
    problems.resize(limit);
    problems.push_back({.what = what});
}

/// Throws the problems, of the first `limit` lines, if there are any.
inline void throw_if_any(std::vector<core::Problem> problems, size_t limit = 50) {
    if (problems.empty()) return;
    cap(problems, limit);
    throw core::Error(std::move(problems));
}

}  // namespace kaziranga::data
