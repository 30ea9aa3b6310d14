#include "core/config/value.hpp"

#include "core/config/wording.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdlib>
#include <limits>
#include <optional>
#include <type_traits>

#include <fmt/format.h>

namespace kaziranga::core::config {
namespace {

std::string found_text(const Node& node) {
    switch (node.kind) {
        case Node::Kind::kNull:
            return "no value";
        case Node::Kind::kList:
            return "a list";
        case Node::Kind::kMap:
            return "keys and values";
        default:
            return node.quoted ? fmt::format("'{}'", shown(node.text)) : shown(node.text);
    }
}

size_t digits_at(std::string_view text, size_t at) {
    const size_t end = text.find_first_not_of("0123456789", at);
    return std::min(end, text.size()) - at;
}

size_t sign_at(std::string_view text, size_t at) {
    return at < text.size() && (text[at] == '+' || text[at] == '-') ? 1 : 0;
}

bool is_whole(std::string_view text) {
    const size_t sign = sign_at(text, 0);
    return text.size() > sign && digits_at(text, sign) == text.size() - sign;
}

/// True for numbers of YAML 1.2's core schema, except infinities, NaN, hexadecimals and octals.
bool is_decimal(std::string_view text) {
    size_t at = sign_at(text, 0);
    const size_t before = digits_at(text, at);
    at += before;
    size_t after = 0;
    if (at < text.size() && text[at] == '.') {
        after = digits_at(text, at + 1);
        at += 1 + after;
    }
    if (before + after == 0) return false;
    if (at == text.size()) return true;
    if (text[at] != 'e' && text[at] != 'E') return false;
    ++at;
    at += sign_at(text, at);
    return at < text.size() && digits_at(text, at) == text.size() - at;
}

/// Parses a text that looks like a number; no value if the type cannot hold it.
template <class Number>
std::optional<Number> number_of(std::string_view text) {
    if (text.starts_with('+')) text.remove_prefix(1);
    Number number{};
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (code != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

template <class Number>
bool looks_like(std::string_view text) {
    return std::is_same_v<Number, int64_t> ? is_whole(text) : is_decimal(text);
}

/// Compares as long double, which represents every int64_t and every double exactly.
template <class Number>
bool within(const Field& field, Number number) {
    const auto value = static_cast<long double>(number);
    if (field.low && (field.low->inclusive ? value < field.low->value : value <= field.low->value)) return false;
    if (field.high && (field.high->inclusive ? value > field.high->value : value >= field.high->value)) return false;
    return true;
}

/// Replaces ~ at the start of a path by the home folder. A shell does not do this after '='.
std::string at_home(std::string text) {
    const char* home = std::getenv("HOME");
    if (home == nullptr || *home == '\0' || (text != "~" && !text.starts_with("~/"))) return text;
    return text.replace(0, 1, home);
}

/// @param too_long  the number has more digits than the type can hold
template <class Number>
std::string limits_text(const Field& field, bool too_long) {
    const std::string bounds = bounds_text(field);
    if constexpr (std::is_same_v<Number, int64_t>) {
        using Limits = std::numeric_limits<int64_t>;
        if (bounds.empty()) return fmt::format(">= {} and <= {}", Limits::min(), Limits::max());
        return too_long && !field.high ? fmt::format("{} and <= {}", bounds, Limits::max()) : bounds;
    } else {
        return bounds.empty() ? "a number of 64 bits, about 2e-308 to 2e308 in size" : bounds;
    }
}

/// Returns the truth value of words that other parsers accept, for example those of YAML 1.1.
std::optional<bool> meant_bool(const std::string& written) {
    const std::string text = lower(written);
    constexpr std::array<std::string_view, 5> kTrue = {"true", "yes", "on", "y", "1"};
    constexpr std::array<std::string_view, 5> kFalse = {"false", "no", "off", "n", "0"};
    if (std::find(kTrue.begin(), kTrue.end(), text) != kTrue.end()) return true;
    if (std::find(kFalse.begin(), kFalse.end(), text) != kFalse.end()) return false;
    return std::nullopt;
}

class ValueReader {
  public:
    explicit ValueReader(const Field& field) : field_(field) {}

    void read(const Node& node, bool& target) {
        const bool plain = node.kind == Node::Kind::kScalar && !node.quoted;
        if (plain && (node.text == "true" || node.text == "false")) {
            target = node.text == "true";
            return;
        }
        std::string remedy = kGiveValue;
        if (node.kind == Node::Kind::kScalar) {
            const std::optional<bool> meant = meant_bool(node.text);
            remedy = !meant ? "write true or false" : *meant ? "write true" : "write false";
        }
        refuse_type(node, "true or false", remedy);
    }

    void read(const Node& node, int64_t& target) { target = number(node, "a whole number", target); }
    void read(const Node& node, double& target) { target = number(node, "a number", target); }
    void read(const Node& node, OrAuto<int64_t>& target) { read_or_auto(node, target, "auto or a whole number"); }
    void read(const Node& node, OrAuto<double>& target) { read_or_auto(node, target, "auto or a number"); }

    void read(const Node& node, std::string& target) {
        if (std::optional<std::string> word = read_word(node, "text"))
            target = field_.path ? at_home(std::move(*word)) : std::move(*word);
    }

    void read(const Node& node, Strings& target) {
        Strings words;
        const bool is_list = node.kind == Node::Kind::kList;
        const char* expected = is_list ? "a word in the list" : "a word or a list of words";
        const auto add = [&](const Node& item) {
            if (std::optional<std::string> word = read_word(item, expected)) words.push_back(std::move(*word));
        };
        if (is_list) {
            for (const Node& item : node.items) add(item);
        } else {
            add(node);
        }
        if (problems_.empty()) target = std::move(words);
    }

    void read(const Node& node, const EnumSlot& target) {
        Strings words;
        if (target.list) {
            read(node, words);
        } else if (std::optional<std::string> word = read_word(node, "text")) {
            words.push_back(std::move(*word));
        }
        if (problems_.empty() && node.kind != Node::Kind::kRefused) target.take(words);
    }

    void read(const Node& node, Numbers& target) { read_numbers(node, target, "a whole number"); }
    void read(const Node& node, Reals& target) { read_numbers(node, target, "a number"); }

    void read(const Node& node, Table& target) {
        Table table;
        if (node.kind == Node::Kind::kMap) {
            for (const Entry& entry : node.entries) {
                Strings words;
                read(entry.value, words);
                if (field_.path) std::ranges::transform(words, words.begin(), at_home);
                table.emplace_back(entry.key, std::move(words));
            }
        } else {
            refuse_type(node, "keys and values (key: value)",
                        node.kind == Node::Kind::kNull ? "write {} for none" : "");
        }
        if (problems_.empty()) target = std::move(table);
    }

    std::vector<PlacedProblem> problems() && { return std::move(problems_); }

  private:
    template <class Number>
    void read_numbers(const Node& node, std::vector<Number>& target, const std::string& one) {
        std::vector<Number> numbers;
        if (node.kind == Node::Kind::kList) {
            for (const Node& item : node.items) numbers.push_back(number(item, one + " in the list", Number{}));
        } else {
            numbers.push_back(number(node, one + " or a list of them", Number{}));
        }
        if (problems_.empty() && node.kind != Node::Kind::kRefused) target = std::move(numbers);
    }

    static constexpr const char* kGiveValue = "give it a value, or leave the key out to have its default";

    void refuse(const Node& node, Problem problem) {
        if (node.kind != Node::Kind::kRefused) problems_.push_back({node.position, {}, std::move(problem)});
    }

    void refuse_type(const Node& node, std::string expected, std::string remedy) {
        refuse(node, {.what = "wrong type",
                      .expected = std::move(expected),
                      .found = found_text(node),
                      .remedy = std::move(remedy)});
    }

    bool choose(const Node& node, const std::string& word) {
        const Strings& choices = field_.choices;
        if (choices.empty() || std::find(choices.begin(), choices.end(), word) != choices.end()) return true;
        refuse(node, {.what = "not one of its values",
                      .expected = join(choices, ", "),
                      .found = found_text(node),
                      .remedy = did_you_mean(word, choices)});
        return false;
    }

    std::optional<std::string> read_word(const Node& node, const char* expected) {
        if (node.kind == Node::Kind::kScalar) {
            if (choose(node, node.text)) return node.text;
        } else {
            refuse_type(node, expected, node.kind == Node::Kind::kNull ? "write '' for an empty text" : "");
        }
        return std::nullopt;
    }

    /// Returns the number, or `otherwise` if it is refused.
    template <class Number>
    Number number(const Node& node, const std::string& expected, Number otherwise) {
        const bool is_number = node.kind == Node::Kind::kScalar && !node.quoted && looks_like<Number>(node.text);
        if (!is_number) {
            const std::string unit = field_.unit.empty() ? "" : " in " + field_.unit;
            refuse_type(node, expected + unit, number_remedy<Number>(node));
            return otherwise;
        }
        std::optional<Number> value = number_of<Number>(node.text);
        if (!value || !within(field_, *value)) {
            refuse(
                node,
                {.what = "out of range", .expected = limits_text<Number>(field_, !value), .found = found_text(node)});
            return otherwise;
        }
        return choose(node, yaml_value(Slot(&*value))) ? *value : otherwise;
    }

    template <class Number>
    void read_or_auto(const Node& node, OrAuto<Number>& target, const std::string& expected) {
        if (node.kind == Node::Kind::kScalar && node.text == kAuto) {
            target.value.reset();
        } else {
            const Number value = number(node, expected, Number{});
            if (problems_.empty() && node.kind != Node::Kind::kRefused) target.value = value;
        }
    }

    template <class Number>
    static std::string number_remedy(const Node& node) {
        if (node.kind == Node::Kind::kNull) return kGiveValue;
        if (node.kind != Node::Kind::kScalar) return {};
        if (node.quoted && looks_like<Number>(node.text)) return "write it without quotes";
        if constexpr (std::is_same_v<Number, int64_t>) {
            constexpr double kExact = 1e15;
            const std::optional<double> value = is_decimal(node.text) ? number_of<double>(node.text) : std::nullopt;
            const bool whole = value && *value > -kExact && *value < kExact &&
                               *value == static_cast<double>(static_cast<int64_t>(*value));
            if (whole) return "write " + number_text(*value);
        }
        return {};
    }

    const Field& field_;
    std::vector<PlacedProblem> problems_;
};

}  // namespace

std::vector<PlacedProblem> read_value(const Field& field, const Slot& slot, const Node& node) {
    ValueReader reader(field);
    std::visit(Overloaded{[&](const EnumSlot& target) { reader.read(node, target); },
                          [&](auto* target) { reader.read(node, *target); }},
               slot);
    return std::move(reader).problems();
}

}  // namespace kaziranga::core::config
