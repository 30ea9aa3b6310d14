#pragma once

#include "data/split.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kaziranga::data {

/// The split that a word in a table or the name of a folder means, in upper or lower case: train, training; val, valid,
/// validate, validation; test, testing.
std::optional<Split> split_of_word(std::string_view word);

/// All these words, in lower case.
std::vector<std::string> split_words();

}  // namespace kaziranga::data
