#pragma once

#include "core/error.hpp"

#include <cstdint>
#include <string>

namespace kaziranga::models {

/// Refuses a weight file whose bytes are not what its format asks for.
/// @throws core::Error always, with the remedy of every such file
[[noreturn]] inline void damaged(const std::string& what, const std::string& where, const std::string& expected = {},
                                 const std::string& found = {}) {
    throw core::Error({.what = what,
                       .where = where,
                       .expected = expected,
                       .found = found,
                       .remedy = "the file is incomplete or damaged: download or save it again"});
}

/// @return "12 bytes"
inline std::string bytes_text(uint64_t count) {
    return std::to_string(count) + " bytes";
}

}  // namespace kaziranga::models
