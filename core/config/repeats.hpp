#pragma once

#include "core/config/description.hpp"

#include <set>
#include <vector>

#include <fmt/format.h>

namespace kaziranga::core::config {

/// A fault for every value of a list that an earlier one equals.
template <class Value>
void refuse_repeats(const char* key, const std::vector<Value>& values, const char* remedy, Faults& faults) {
    std::set<Value> seen;
    for (const Value& value : values) {
        if (!seen.insert(value).second) faults.add(key, fmt::format("{} stands there twice", value), remedy);
    }
}

}  // namespace kaziranga::core::config
