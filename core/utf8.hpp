#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace kaziranga::core {

/// Decodes the code point at byte `at` and moves `at` behind it. If the bytes are not valid UTF-8, returns no value and
/// leaves `at` unchanged. Overlong forms, surrogates and values above U+10FFFF are not valid.
std::optional<char32_t> next_code_point(std::string_view text, size_t& at);

bool is_utf8(std::string_view text);

bool is_ascii(std::string_view text);

/// Returns the position of the first byte that is not valid UTF-8; npos if there is none.
size_t first_invalid(std::string_view text);

/// Returns the number of code points in valid UTF-8.
size_t count_code_points(std::string_view text);

/// The text in Unicode's form NFC. Linux and Windows write an accented letter as one code point, macOS and AirDrop as a
/// letter and an accent (NFD): what a person reads as one name is then two strings of bytes.
std::string composed(std::string_view text);

/// The text without the differences of case and of compatible forms (NFKC_Casefold), for comparisons.
std::string folded(std::string_view text);

}  // namespace kaziranga::core
