#pragma once

#include "core/config/description.hpp"
#include "training/heads/kinds.hpp"

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace kaziranga::training {

/// The input that a head is fitted to.
enum class InputKind { kAuto, kFeatures, kStages, kSource };
inline constexpr std::pair<InputKind, std::string_view> kInputKindWords[] = {{InputKind::kAuto, "auto"},
                                                                             {InputKind::kFeatures, "features"},
                                                                             {InputKind::kStages, "stages"},
                                                                             {InputKind::kSource, "source"}};
constexpr auto& words_of(InputKind) {
    return kInputKindWords;
}

/// The new output layer.
struct HeadOptions {
    HeadKind type = HeadKind::kAuto;
    std::vector<HeadKind> candidates = {HeadKind::kLogistic, HeadKind::kRidge, HeadKind::kLda, HeadKind::kEnsemble};
    std::vector<InputKind> inputs = {InputKind::kAuto};
    core::config::OrAuto<double> penalty;
    core::config::OrAuto<double> shrinkage;
    int64_t folds = 5;
    bool standardise = true;
    bool calibrate = true;
    int64_t hidden = 512;
    core::config::OrAuto<int64_t> neighbours;
    core::config::OrAuto<double> temperature;

    /// True if inputs contains this kind.
    bool takes(InputKind input) const;
    /// True if a solver computes the head from all features at once, without the training loop.
    bool solved() const;
    static void describe(core::config::Description<HeadOptions>& d);
};

}  // namespace kaziranga::training
