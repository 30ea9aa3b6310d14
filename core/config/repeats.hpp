#pragma once

#include "core/config/description.hpp"

#include <set>
#include <vector>

#include <fmt/format.h>

namespace kaziranga::core::config {

/// Adds a problem for each value of a list that equals an earlier value.
template <class Value>
void refuse_repeats(const char* key, const std::vector<Value>& values, const char* remedy, Problems& problems) {
    std::set<Value> seen;
    for (const Value& value : values) {
        if (!seen.insert(value).second) problems.add(key, fmt::format("{} stands there twice", value), remedy);
    }
}

}  // namespace kaziranga::core::config
