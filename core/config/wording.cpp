#include "core/config/wording.hpp"

#include "core/error.hpp"
#include "core/text.hpp"
#include "core/utf8.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <c10/util/Exception.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace kaziranga::core::config {
namespace {

std::string shortest(double value) {
    std::array<char, 32> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    return {digits.data(), end};
}

/// Always writes a decimal point, so that other YAML parsers do not read it as an integer.
std::string yaml_double(double value) {
    TORCH_CHECK(std::isfinite(value), "a config value is not finite");
    std::string text = shortest(value);
    if (text.find('.') == std::string::npos) text.insert(std::min(text.find('e'), text.size()), ".0");
    return text;
}

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// True for words that YAML 1.1 or 1.2 parsers do not read as text.
bool is_reserved(std::string_view text) {
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) { return is_letter(c) ? c | 0x20 : c; });
    constexpr std::array<std::string_view, 11> kReserved = {"true", "false", "yes", "no",  "on", "off",
                                                            "null", "y",     "n",   "nan", "inf"};
    return std::find(kReserved.begin(), kReserved.end(), lower) != kReserved.end();
}

bool is_plain(std::string_view text) {
    if (text.empty() || is_reserved(text)) return false;
    if (!is_letter(text[0]) && text[0] != '_' && text[0] != '/') return false;
    return std::all_of(text.begin(), text.end(), [](char c) {
        return is_letter(c) || (c >= '0' && c <= '9') || std::string_view("_./+-").find(c) != std::string_view::npos;
    });
}

std::string escaped(char32_t point, std::string_view bytes) {
    if (point == '"' || point == '\\') return fmt::format("\\{}", bytes);
    if (point == '\n') return "\\n";
    if (point == '\t') return "\\t";
    if (point == '\r') return "\\r";
    if (point < 0x20 || (point >= 0x7F && point < 0xA0)) return fmt::format("\\x{:02x}", static_cast<uint32_t>(point));
    const bool breaks_line = point == 0x2028 || point == 0x2029;
    const bool not_printable = point == 0xFEFF || point == 0xFFFE || point == 0xFFFF;
    if (breaks_line || not_printable) return fmt::format("\\u{:04x}", static_cast<uint32_t>(point));
    return std::string(bytes);
}

std::string yaml_list(const Strings& words) {
    std::string list = "[";
    for (const std::string& word : words) list += (list.size() > 1 ? ", " : "") + yaml_text(word);
    return list + "]";
}

std::string yaml_numbers(const Numbers& numbers) {
    return fmt::format("[{}]", fmt::join(numbers, ", "));
}

std::string yaml_reals(const Reals& reals) {
    Strings texts;
    for (const double real : reals) texts.push_back(yaml_double(real));
    return "[" + join(texts, ", ") + "]";
}

std::string yaml_table(const Table& table) {
    std::string text = "{";
    for (const auto& [key, words] : table)
        text += (text.size() > 1 ? ", " : "") + yaml_text(key) + ": " + yaml_list(words);
    return text + "}";
}

}  // namespace

std::string number_text(double value) {
    constexpr double kExact = 1e15;
    if (value == std::trunc(value) && std::abs(value) < kExact) return std::to_string(static_cast<int64_t>(value));
    return shortest(value);
}

std::string type_text(const Slot& slot) {
    return std::visit(Overloaded{
                          [](bool*) { return "true or false"; },
                          [](int64_t*) { return "whole number"; },
                          [](double*) { return "number"; },
                          [](std::string*) { return "text"; },
                          [](Strings*) { return "list of words"; },
                          [](Numbers*) { return "list of whole numbers"; },
                          [](Reals*) { return "list of numbers"; },
                          [](Table*) { return "lists of words by name"; },
                          [](OrAuto<int64_t>*) { return "whole number or auto"; },
                          [](OrAuto<double>*) { return "number or auto"; },
                          [](const EnumSlot& values) { return values.list ? "list of words" : "text"; },
                      },
                      slot);
}

std::string bounds_text(const Field& field) {
    std::string text;
    if (field.low) text = (field.low->inclusive ? ">= " : "> ") + number_text(field.low->value);
    if (field.low && field.high) text += " and ";
    if (field.high) text += (field.high->inclusive ? "<= " : "< ") + number_text(field.high->value);
    if (!text.empty() && !field.unit.empty()) text += " " + field.unit;
    return text;
}

std::string yaml_text(std::string_view text) {
    if (is_plain(text)) return std::string(text);
    std::string quoted = "\"";
    size_t at = 0;
    while (at < text.size()) {
        const size_t here = at;
        const std::optional<char32_t> point = next_code_point(text, at);
        if (!point) throw Error({.what = "a text that is not UTF-8 cannot be written", .found = std::string(text)});
        quoted += escaped(*point, text.substr(here, at - here));
    }
    return quoted + '"';
}

std::string yaml_value(const Slot& slot) {
    return std::visit(
        Overloaded{
            [](const bool* value) -> std::string { return *value ? "true" : "false"; },
            [](const int64_t* value) { return std::to_string(*value); },
            [](const double* value) { return yaml_double(*value); },
            [](const std::string* value) { return yaml_text(*value); },
            [](const Strings* value) { return yaml_list(*value); },
            [](const Numbers* value) { return yaml_numbers(*value); },
            [](const Reals* value) { return yaml_reals(*value); },
            [](const Table* value) { return yaml_table(*value); },
            [](const OrAuto<int64_t>* value) { return value->value ? std::to_string(*value->value) : kAuto; },
            [](const OrAuto<double>* value) { return value->value ? yaml_double(*value->value) : kAuto; },
            [](const EnumSlot& values) {
                const Strings words = values.words();
                return values.list ? yaml_list(words) : yaml_text(words.at(0));
            },
        },
        slot);
}

}  // namespace kaziranga::core::config
