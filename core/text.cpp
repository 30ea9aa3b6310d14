#include "core/text.hpp"

#include "core/utf8.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <optional>

#include <iconv.h>
#include <locale.h>

namespace kaziranga::core {
namespace {

/// Optimal string alignment distance: insert, delete, replace, swap of adjacent letters.
size_t edit_distance(std::string_view a, std::string_view b) {
    const size_t columns = b.size() + 1;
    std::vector<size_t> before(columns), previous(columns), current(columns);
    for (size_t j = 0; j < columns; ++j) previous[j] = j;
    for (size_t i = 1; i <= a.size(); ++i) {
        current[0] = i;
        for (size_t j = 1; j < columns; ++j) {
            const size_t replaced = previous[j - 1] + (a[i - 1] != b[j - 1]);
            current[j] = std::min({previous[j] + 1, current[j - 1] + 1, replaced});
            const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped) current[j] = std::min(current[j], before[j - 2] + 1);
        }
        std::swap(before, previous);
        std::swap(previous, current);
    }
    return previous[b.size()];
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// True for control characters (C0, C1) and line separators. Source: Unicode 15, chapter 23.1
bool ends_or_controls(char32_t point) {
    return point < 0x20 || (point >= 0x7f && point < 0xa0) || point == 0x2028 || point == 0x2029;
}

/// True for characters that change the text direction. Source: Unicode Standard Annex 9, section 2
bool turns(char32_t point) {
    return point == 0x61c || point == 0x200e || point == 0x200f || (point >= 0x202a && point <= 0x202e) ||
           (point >= 0x2066 && point <= 0x2069);
}

constexpr std::string_view kFormulaBegins = "=+-@\t\r";

bool is_number(std::string_view text) {
    if (text.starts_with('+')) text.remove_prefix(1);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size();
}

bool is_formula(std::string_view text) {
    return !text.empty() && kFormulaBegins.find(text.front()) != std::string_view::npos && !is_number(text);
}

/// True for a text with an apostrophe at its start like those that csv_field adds.
bool is_marked(std::string_view text) {
    return text.size() > 1 && text[0] == '\'' &&
           (text[1] == '\'' || kFormulaBegins.find(text[1]) != std::string_view::npos);
}

}  // namespace

std::string printable(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (size_t at = 0; at < text.size();) {
        const size_t here = at;
        const std::optional<char32_t> point = next_code_point(text, at);
        if (!point) ++at;
        if (point && !ends_or_controls(*point) && !turns(*point)) {
            out += text.substr(here, at - here);
            continue;
        }
        for (size_t i = here; i < at; ++i) {
            char escaped[5];
            std::snprintf(escaped, sizeof escaped, "\\x%02x", static_cast<unsigned char>(text[i]));
            out += escaped;
        }
    }
    return out;
}

std::string lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
    return out;
}

bool is_plain_text(std::string_view text) {
    for (size_t at = 0; at < text.size();) {
        const std::optional<char32_t> point = next_code_point(text, at);
        if (!point || ends_or_controls(*point)) return false;
    }
    return true;
}

std::string in_ascii(std::string_view text) {
    // Only UTF-8 locales have the table of similar letters. C.UTF-8 needs no installation.
    static const locale_t kUtf8 = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    const locale_t before = kUtf8 != nullptr ? ::uselocale(kUtf8) : nullptr;
    const iconv_t converter = ::iconv_open("ASCII//TRANSLIT", "UTF-8");
    std::string out(text.size() * 4, '\0');  // "…" becomes three letters
    std::string copy(text);
    char *from = copy.data(), *to = out.data();
    size_t left = copy.size(), room = out.size();
    while (left > 0 && room > 0 && ::iconv(converter, &from, &left, &to, &room) == static_cast<size_t>(-1)) {
        if (left == 0 || room == 0) break;
        ++from, --left;
        *to++ = '?', --room;
    }
    ::iconv_close(converter);
    if (before != nullptr) ::uselocale(before);
    out.resize(out.size() - room);
    std::ranges::replace_if(out, [](char c) { return c < ' ' || c > '~'; }, '?');
    return out;
}

std::string nearest_name(std::string_view name, const std::vector<std::string>& candidates, Near near) {
    constexpr size_t kLongestName = 100;   // the distance takes quadratic time, and none of our names is longer
    constexpr size_t kShortestPrefix = 3;  // letters; shorter prefixes match too many names
    if (name.empty() || name.size() > kLongestName) return {};
    const std::string wanted = lower(name);
    std::string best;
    size_t best_distance = std::max<size_t>(1, name.size() / 3) + 1;
    for (const std::string& candidate : candidates) {
        const std::string offered = lower(candidate);
        const size_t shorter = std::min(wanted.size(), offered.size());
        const bool prefix = near == Near::kSpellingOrPrefix && shorter >= kShortestPrefix &&
                            (offered.starts_with(wanted) || wanted.starts_with(offered));
        const size_t distance = offered == wanted ? 0 : prefix ? 1 : edit_distance(wanted, offered);
        const bool alike = 2 * distance <= shorter;  // at least half of the letters are equal
        if (alike && distance < best_distance) {
            best = candidate;
            best_distance = distance;
        }
    }
    return best;
}

std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates) {
    const std::string nearest = nearest_name(name, candidates);
    return nearest.empty() ? std::string() : "did you mean '" + nearest + "'?";
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
    std::string out;
    for (const std::string& part : parts) {
        if (&part != &parts.front()) out += separator;
        out += part;
    }
    return out;
}

std::string csv_field(std::string_view field) {
    std::string text;
    if (is_formula(field) || is_marked(field)) text += '\'';
    text += field;
    if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"') out += '"';
        out += c;
    }
    return out + '"';
}

std::string csv_text(std::string_view field) {
    if (is_marked(field)) field.remove_prefix(1);
    return std::string(field);
}

bool natural_less(std::string_view a, std::string_view b) {
    size_t i = 0, j = 0;
    while (i < a.size() && j < b.size()) {
        if (is_digit(a[i]) && is_digit(b[j])) {
            while (i < a.size() && a[i] == '0') ++i;
            while (j < b.size() && b[j] == '0') ++j;
            const size_t start_a = i, start_b = j;
            while (i < a.size() && is_digit(a[i])) ++i;
            while (j < b.size() && is_digit(b[j])) ++j;
            const std::string_view digits_a = a.substr(start_a, i - start_a), digits_b = b.substr(start_b, j - start_b);
            if (digits_a.size() != digits_b.size()) return digits_a.size() < digits_b.size();
            if (digits_a != digits_b) return digits_a < digits_b;
        } else {
            if (a[i] != b[j]) return static_cast<unsigned char>(a[i]) < static_cast<unsigned char>(b[j]);
            ++i, ++j;
        }
    }
    if (i < a.size() || j < b.size()) return j < b.size();
    return a < b;
}

std::string base64(std::string_view bytes) {
    constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    constexpr size_t kGroup = 3;
    std::string text;
    text.reserve((bytes.size() + kGroup - 1) / kGroup * 4);
    for (size_t i = 0; i < bytes.size(); i += kGroup) {
        uint32_t group = 0;
        for (size_t k = 0; k < kGroup; ++k) {
            group = group << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
        }
        for (size_t k = 0; k <= kGroup; ++k) {
            text += i + k <= bytes.size() ? kDigits[group >> (18 - 6 * k) & 63] : '=';
        }
    }
    return text;
}

}  // namespace kaziranga::core
