#pragma once

#include "core/error.hpp"

#include <cstdint>
#include <string>

namespace kaziranga::models {

/// Rejects a weight file whose bytes do not follow its format.
/// @throws core::Error always, with the same remedy for all such files
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
