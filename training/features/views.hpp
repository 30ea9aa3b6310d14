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

/// One view of an image.
struct View {
    ViewKind kind = ViewKind::kCentre;
    int64_t number = 0;  ///< number of a random view
};

/// A list of views, the same for every image. A random view depends on the content of the image, so adding images does
/// not change the views of others.
struct Views {
    std::vector<View> list = {View{}};
    data::AugmentOptions augment;  ///< for the random views
    uint64_t seed = 0;             ///< for the random views

    int64_t size() const { return static_cast<int64_t>(list.size()); }
};

Views views_of(const std::vector<ViewKind>& kinds);

/// The views that a head is fitted to.
struct TrainingViews {
    Views views;  ///< the named views, then the random ones
    int64_t judged =
        1;  ///< number of the first views that evaluate heads: those in test_views, if any of them are here
};
TrainingViews training_views(const FeatureOptions& options, const data::AugmentOptions& augment, uint64_t seed);

/// The key of a view of an image in the feature cache.
ViewKey view_key(core::Hash128 content, const Views& views, size_t index);

/// @param image  [H, W, 3] uint8     @return  [3, crop, crop] uint8 in channels-last memory
at::Tensor load_view(const at::Tensor& image, core::Hash128 content, const Views& views, size_t index,
                     const core::Preprocessing& preprocessing);

}  // namespace kaziranga::training
