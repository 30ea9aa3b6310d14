#include "core/utf8.hpp"

#include <algorithm>
#include <cstdlib>
#include <memory>

#include <utf8proc.h>

namespace kaziranga::core {
namespace {

const utf8proc_uint8_t* bytes_of(std::string_view text) {
    return reinterpret_cast<const utf8proc_uint8_t*>(text.data());
}

bool is_continuation(char c) {
    return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

/// Text that is not valid UTF-8, or has a zero byte, stays as it is.
std::string mapped(std::string_view text, utf8proc_uint8_t* (*map)(const utf8proc_uint8_t*)) {
    if (text.find('\0') != std::string_view::npos) return std::string(text);
    const std::string ended(text);
    const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> made(map(bytes_of(ended)), std::free);
    return made == nullptr ? ended : std::string(reinterpret_cast<const char*>(made.get()));
}

}  // namespace

std::optional<char32_t> next_code_point(std::string_view text, size_t& at) {
    if (at >= text.size()) return std::nullopt;
    utf8proc_int32_t point = -1;
    const utf8proc_ssize_t length =
        utf8proc_iterate(bytes_of(text) + at, static_cast<utf8proc_ssize_t>(text.size() - at), &point);
    if (length <= 0) return std::nullopt;
    at += static_cast<size_t>(length);
    return static_cast<char32_t>(point);
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

bool is_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

size_t count_code_points(std::string_view text) {
    return text.size() - static_cast<size_t>(std::count_if(text.begin(), text.end(), is_continuation));
}

std::string composed(std::string_view text) {
    return is_ascii(text) ? std::string(text) : mapped(text, utf8proc_NFC);
}

std::string folded(std::string_view text) {
    return mapped(text, utf8proc_NFKC_Casefold);
}

}  // namespace kaziranga::core
