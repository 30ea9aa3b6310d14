#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace kaziranga::core {

/// The code point at byte `at`, which moves behind it. Nothing, and `at` as it was, where the bytes are not UTF-8
/// (overlong forms, surrogates and values above U+10FFFF are not).
std::optional<char32_t> next_code_point(std::string_view text, size_t& at);

bool is_utf8(std::string_view text);

/// Where the first byte is that is no UTF-8; npos where there is none.
size_t first_invalid(std::string_view text);

/// Code points among the bytes of valid UTF-8.
size_t count_code_points(std::string_view text);

}  // namespace kaziranga::core
