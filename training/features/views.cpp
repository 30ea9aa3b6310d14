#include "training/features/views.hpp"

#include "core/config/config.hpp"
#include "core/random.hpp"
#include "data/augment/augment.hpp"
#include "data/augment/geometry.hpp"
#include "data/transform.hpp"

#include <algorithm>
#include <utility>

namespace kaziranga::training {
namespace {

at::Tensor mirrored(const at::Tensor& planes) {
    at::Tensor pixels = planes.permute({1, 2, 0});
    data::flip_left_right(pixels);
    return planes;
}

}  // namespace

Views views_of(const std::vector<ViewKind>& kinds) {
    Views views{.list = {}};
    for (const ViewKind kind : kinds) views.list.push_back({kind});
    return views;
}

TrainingViews training_views(const FeatureOptions& options, const data::AugmentOptions& augment, uint64_t seed) {
    std::vector<ViewKind> kinds = options.train_views;
    const auto tested = [&](ViewKind kind) { return std::ranges::count(options.test_views, kind) > 0; };
    const auto others = std::ranges::stable_partition(kinds, tested);
    TrainingViews training{views_of(kinds), std::max<int64_t>(1, others.begin() - kinds.begin())};
    training.views.augment = augment;
    training.views.seed = seed;
    for (int64_t number = 1; number <= options.random_views; ++number) {
        training.views.list.push_back({ViewKind::kRandom, number});
    }
    return training;
}

ViewKey view_key(core::Hash128 content, const Views& views, size_t index) {
    const View& view = views.list[index];
    if (view.kind != ViewKind::kRandom) return {content, static_cast<uint64_t>(view.kind)};
    core::RandomStream hash(views.seed, core::Purpose::kView,
                            {core::hash64(core::config::to_yaml(views.augment)), static_cast<uint64_t>(view.number)});
    constexpr uint64_t kAboveNamed = uint64_t{1} << 63;
    return {content, hash() | kAboveNamed};
}

at::Tensor load_view(const at::Tensor& image, core::Hash128 content, const Views& views, size_t index,
                     const core::Preprocessing& preprocessing) {
    const View& view = views.list[index];
    core::Preprocessing whole = preprocessing;
    whole.resize = whole.crop;
    switch (view.kind) {
        case ViewKind::kCentre:
            return data::resize_and_centre_crop(image, preprocessing);
        case ViewKind::kFlip:
            return mirrored(data::resize_and_centre_crop(image, preprocessing));
        case ViewKind::kWhole:
            return data::resize_and_centre_crop(image, whole);
        case ViewKind::kWholeFlip:
            return mirrored(data::resize_and_centre_crop(image, whole));
        case ViewKind::kRandom:
            break;
    }
    const core::RandomStream stream(views.seed, core::Purpose::kView,
                                    {content.high, content.low, static_cast<uint64_t>(view.number)});
    return data::augment(image, preprocessing, views.augment, stream);
}

}  // namespace kaziranga::training
