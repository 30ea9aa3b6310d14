#pragma once

#include <string_view>
#include <utility>

namespace kaziranga::data {

/// The parts that labelled images are dealt into: what is learned from, what settings are chosen by, what is judged.
enum class Split { kTrain, kVal, kTest };

inline constexpr std::pair<Split, std::string_view> kSplitWords[] = {
    {Split::kTrain, "train"}, {Split::kVal, "val"}, {Split::kTest, "test"}};
constexpr auto& words_of(Split) {
    return kSplitWords;
}

}  // namespace kaziranga::data
