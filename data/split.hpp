#pragma once

#include <string_view>
#include <utility>

namespace kaziranga::data {

/// The splits of labelled images: for training, for choosing settings (val), for evaluation (test).
enum class Split { kTrain, kVal, kTest };

inline constexpr std::pair<Split, std::string_view> kSplitWords[] = {
    {Split::kTrain, "train"}, {Split::kVal, "val"}, {Split::kTest, "test"}};
constexpr auto& words_of(Split) {
    return kSplitWords;
}

}  // namespace kaziranga::data
