#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <c10/util/Exception.h>

namespace kaziranga::core::config {

/// An enum whose values have words, which are used in files and messages. The table of words is next to the enum:
///     constexpr std::pair<Sampling, std::string_view> kSamplingWords[] = {{Sampling::kShuffle, "shuffle"}, …};
///     constexpr auto& words_of(Sampling) { return kSamplingWords; }
template <class Enum>
concept Worded = std::is_enum_v<Enum> && requires(Enum value) { words_of(value); };

template <Worded Enum>
std::string word_of(Enum value) {
    for (const auto& [known, word] : words_of(value)) {
        if (known == value) return std::string(word);
    }
    TORCH_CHECK(false, "a value without a word");
}

/// Returns the value of a word; no value if the word is not in the table.
template <Worded Enum>
std::optional<Enum> find_value(std::string_view word) {
    for (const auto& [value, known] : words_of(Enum{})) {
        if (known == word) return value;
    }
    return std::nullopt;
}

/// @pre the word is in the table
template <Worded Enum>
Enum value_of(std::string_view word) {
    const std::optional<Enum> value = find_value<Enum>(word);
    TORCH_CHECK(value, "'", word, "' is none of the words");
    return *value;
}

/// Returns all words in the order of the table.
template <Worded Enum>
std::vector<std::string> words() {
    std::vector<std::string> all;
    for (const auto& [value, word] : words_of(Enum{})) all.emplace_back(word);
    return all;
}

template <Worded Enum>
std::vector<std::string> words_of_all(const std::vector<Enum>& values) {
    std::vector<std::string> all;
    for (const Enum value : values) all.push_back(word_of(value));
    return all;
}

}  // namespace kaziranga::core::config
