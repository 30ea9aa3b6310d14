#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kaziranga::core {

/// Escapes control characters (C0, C1), line separators, direction marks and bytes that are not UTF-8 as \xNN, so that
/// text from a file cannot move the cursor of a terminal, fake a line or look like another text. Keeps other UTF-8.
std::string printable(std::string_view text);

/// Converts ASCII letters to lower case. Other characters are not changed.
std::string lower(std::string_view text);

/// True for valid UTF-8 without control characters and line separators.
bool is_plain_text(std::string_view text);

/// Transliterates to printable ASCII with the C library ("Bär" becomes "Bar"). Characters without a transliteration and
/// bytes that are not UTF-8 become '?'.
std::string in_ascii(std::string_view text);

/// Criterion for similar names.
enum class Near { kSpelling, kSpellingOrPrefix };

/// Returns the candidate most similar to `name`: equal except for case, at most a third of the letters edited
/// (Damerau-Levenshtein, adjacent swaps count once), or a prefix. Empty if no candidate is similar.
std::string nearest_name(std::string_view name, const std::vector<std::string>& candidates,
                         Near near = Near::kSpellingOrPrefix);

/// Returns "did you mean 'x'?", or an empty string if no candidate is similar.
std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates);

/// Joins the parts with a separator.
std::string join(const std::vector<std::string>& parts, std::string_view separator);

/// Formats one field of a CSV line, quoted where RFC 4180 requires it. A text that a spreadsheet would read as a
/// formula (it begins with = + - @, a tab or a carriage return, and is not a number) gets an apostrophe at its start.
/// So does a text that begins with an apostrophe and one of those characters, or with two apostrophes.
std::string csv_field(std::string_view text);

/// Inverse of csv_field, for a field that a CSV reader has unquoted.
std::string csv_text(std::string_view field);

/// Encodes bytes in base 64, for data URIs. Source: RFC 4648, section 4
std::string base64(std::string_view bytes);

/// Natural order: compares runs of digits by value, the rest byte by byte ("species_9" before "species_10").
/// @return true if `a` comes before `b`; a strict weak order; ties are in string order
bool natural_less(std::string_view a, std::string_view b);

}  // namespace kaziranga::core
