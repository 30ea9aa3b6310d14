#pragma once

#include "core/hash.hpp"
#include "core/preprocessing.hpp"
#include "data/augment/options.hpp"
#include "training/features/cache.hpp"
#include "training/features/options.hpp"

#include <cstdint>
#include <vector>

#include <ATen/core/Tensor.h>

namespace kaziranga::training {

/// One way to look at an image.
struct View {
    ViewKind kind = ViewKind::kCentre;
    int64_t number = 0;  ///< of a random view
};

/// A list of views, the same for every image. What a random view shows is a function of the image's content, so that
/// adding images changes no other's view.
struct Views {
    std::vector<View> list = {View{}};
    data::AugmentOptions augment;  ///< of the random ones
    uint64_t seed = 0;             ///< of the random ones

    int64_t size() const { return static_cast<int64_t>(list.size()); }
};

Views views_of(const std::vector<ViewKind>& kinds);

/// What a head is fitted to.
struct TrainingViews {
    Views views;  ///< the named ones, then random ones
    int64_t judged =
        1;  ///< the first so many are how an image will be classified: those of test_views, if any of them are here
};
TrainingViews training_views(const FeatureOptions& options, const data::AugmentOptions& augment, uint64_t seed);

/// How the feature cache calls a view of an image.
ViewKey view_key(core::Hash128 content, const Views& views, size_t index);

/// @param image  [H, W, 3] uint8     @return  [3, crop, crop] uint8 in channels-last memory
at::Tensor load_view(const at::Tensor& image, core::Hash128 content, const Views& views, size_t index,
                     const core::Preprocessing& preprocessing);

}  // namespace kaziranga::training
