#pragma once

#include "core/config/description.hpp"
#include "core/precision.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kaziranga::training {

using core::Precision;

/// The kind of view of an image. The feature cache uses these numbers as keys.
enum class ViewKind { kCentre, kFlip, kWhole, kWholeFlip, kRandom };
/// The words of the named views; random views are only counted.
inline constexpr std::pair<ViewKind, std::string_view> kViewKindWords[] = {{ViewKind::kCentre, "centre"},
                                                                           {ViewKind::kFlip, "flip"},
                                                                           {ViewKind::kWhole, "whole"},
                                                                           {ViewKind::kWholeFlip, "whole_flip"}};
constexpr auto& words_of(ViewKind) {
    return kViewKindWords;
}

/// Options of the features of images.
struct FeatureOptions {
    std::vector<ViewKind> train_views = {ViewKind::kCentre};
    int64_t random_views = 0;
    std::vector<ViewKind> test_views = {ViewKind::kCentre};
    core::config::OrAuto<Precision> precision;
    core::config::OrAuto<int64_t> batch_size;
    std::string cache = "runs/features";

    static void describe(core::config::Description<FeatureOptions>& d);
};

}  // namespace kaziranga::training
