#include "core/utf8.hpp"

#include <algorithm>

namespace kaziranga::core {
namespace {

struct Lead {
    size_t length;
    char32_t bits;
    char32_t lowest;  // smaller values have a shorter encoding
};

std::optional<Lead> lead_of(unsigned char byte) {
    if (byte < 0x80) return Lead{1, byte, 0};
    if ((byte & 0xE0) == 0xC0) return Lead{2, byte & 0x1Fu, 0x80};
    if ((byte & 0xF0) == 0xE0) return Lead{3, byte & 0x0Fu, 0x800};
    if ((byte & 0xF8) == 0xF0) return Lead{4, byte & 0x07u, 0x10000};
    return std::nullopt;
}

bool is_continuation(char c) {
    return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

}  // namespace

std::optional<char32_t> next_code_point(std::string_view text, size_t& at) {
    if (at >= text.size()) return std::nullopt;
    const std::optional<Lead> lead = lead_of(static_cast<unsigned char>(text[at]));
    if (!lead || text.size() - at < lead->length) return std::nullopt;
    char32_t point = lead->bits;
    for (size_t i = 1; i < lead->length; ++i) {
        if (!is_continuation(text[at + i])) return std::nullopt;
        point = (point << 6) | (static_cast<unsigned char>(text[at + i]) & 0x3Fu);
    }
    const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
    if (point < lead->lowest || point > 0x10FFFF || surrogate) return std::nullopt;
    at += lead->length;
    return point;
}

size_t first_invalid(std::string_view text) {
    size_t at = 0;
    while (at < text.size()) {
        if (!next_code_point(text, at)) return at;
    }
    return std::string_view::npos;
}

bool is_utf8(std::string_view text) {
    return first_invalid(text) == std::string_view::npos;
}

size_t count_code_points(std::string_view text) {
    return text.size() - static_cast<size_t>(std::count_if(text.begin(), text.end(), is_continuation));
}

}  // namespace kaziranga::core
