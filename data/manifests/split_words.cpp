#include "data/manifests/split_words.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace kaziranga::data {
namespace {

constexpr std::pair<std::string_view, Split> kWords[] = {
    {"train", Split::kTrain},  {"training", Split::kTrain}, {"val", Split::kVal},   {"valid", Split::kVal},
    {"validate", Split::kVal}, {"validation", Split::kVal}, {"test", Split::kTest}, {"testing", Split::kTest}};

}  // namespace

std::optional<Split> split_of_word(std::string_view word) {
    const std::string lower = core::lower(std::string(word));
    const auto* known = std::ranges::find(kWords, lower, [](const auto& entry) { return entry.first; });
    return known == std::end(kWords) ? std::nullopt : std::optional(known->second);
}

std::vector<std::string> split_words() {
    std::vector<std::string> words;
    for (const auto& [word, split] : kWords) words.emplace_back(word);
    return words;
}

}  // namespace kaziranga::data
