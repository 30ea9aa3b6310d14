#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kaziranga::core {

/// `text` with control characters (C0, C1), line separators, marks of direction and bytes that are no UTF-8 written as
/// \xNN, so that text from a file cannot move the cursor of a terminal, forge a line or show itself as another. Other
/// UTF-8 passes through.
std::string printable(std::string_view text);

/// Letters of ASCII in lower case; others stay.
std::string lower(std::string_view text);

/// True for valid UTF-8 without control characters and line separators.
bool is_plain_text(std::string_view text);

/// The nearest spelling in printable ASCII, as the C library transliterates ("Bär" is "Bar"). What has none, or is no
/// UTF-8, is '?'.
std::string in_ascii(std::string_view text);

/// What makes a name near another one.
enum class Near { kSpelling, kSpellingOrPrefix };

/// The candidate nearest to `name`: same letters apart from case, at most a third of the letters edited
/// (Damerau-Levenshtein, adjacent swaps count once), or a prefix. Empty when none is near.
std::string nearest_name(std::string_view name, const std::vector<std::string>& candidates,
                         Near near = Near::kSpellingOrPrefix);

/// "did you mean 'x'?" or, where nothing is near, an empty string.
std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates);

/// Joins with a separator.
std::string join(const std::vector<std::string>& parts, std::string_view separator);

/// One field of a CSV line, quoted where RFC 4180 demands it. What a spreadsheet would take for a formula (it begins
/// with = + - @, a tab or a carriage return, and is no number) gets an apostrophe before it, as does what begins with
/// an apostrophe and one of those or another apostrophe.
std::string csv_field(std::string_view text);

/// What csv_field was given, of a field that a CSV reader has unquoted.
std::string csv_text(std::string_view field);

/// The bytes in base 64, as data URIs take them. Source: RFC 4648, section 4
std::string base64(std::string_view bytes);

/// Compares as people do: runs of digits by value, the rest byte by byte ("species_9" before "species_10").
/// @return true when `a` comes before `b`; a strict weak order that agrees with string order on equal keys
bool natural_less(std::string_view a, std::string_view b);

}  // namespace kaziranga::core
