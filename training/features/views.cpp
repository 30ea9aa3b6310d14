#include "training/features/views.hpp"

#include <algorithm>
#include <utility>

#include "core/config/config.hpp"
#include "core/random.hpp"
#include "data/augment/augment.hpp"
#include "data/augment/geometry.hpp"
#include "data/transform.hpp"

namespace kaziranga::training {
namespace {

const std::vector<std::pair<std::string, View::Kind>>& known_views() {
    static const std::vector<std::pair<std::string, View::Kind>> views = {{"centre", View::Kind::kCentre},
                                                                          {"flip", View::Kind::kFlip},
                                                                          {"whole", View::Kind::kWhole},
                                                                          {"whole_flip", View::Kind::kWholeFlip}};
    return views;
}

at::Tensor mirrored(const at::Tensor& planes) {
    at::Tensor pixels = planes.permute({1, 2, 0});
    data::flip_left_right(pixels);
    return planes;
}

}  // namespace

core::config::Strings view_names() {
    core::config::Strings names;
    for (const auto& [name, kind] : known_views()) names.push_back(name);
    return names;
}

Views named_views(const core::config::Strings& names) {
    Views views{.list = {}};
    for (const std::string& name : names) {
        for (const auto& [known, kind] : known_views()) {
            if (known == name) views.list.push_back({kind});
        }
    }
    TORCH_CHECK(views.list.size() == names.size(), "an unknown view");
    return views;
}

TrainingViews training_views(const FeatureOptions& options, const data::AugmentOptions& augment, uint64_t seed) {
    core::config::Strings names = options.train_views;
    const auto tested = [&](const std::string& name) { return std::ranges::count(options.test_views, name) > 0; };
    const auto others = std::ranges::stable_partition(names, tested);
    TrainingViews training{named_views(names), std::max<int64_t>(1, others.begin() - names.begin())};
    training.views.augment = augment;
    training.views.seed = seed;
    for (int64_t number = 1; number <= options.random_views; ++number) {
        training.views.list.push_back({View::Kind::kRandom, number});
    }
    return training;
}

ViewKey view_key(core::Hash128 content, const Views& views, size_t index) {
    const View& view = views.list[index];
    if (view.kind != View::Kind::kRandom) return {content, static_cast<uint64_t>(view.kind)};
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
        case View::Kind::kCentre:
            return data::resize_and_centre_crop(image, preprocessing);
        case View::Kind::kFlip:
            return mirrored(data::resize_and_centre_crop(image, preprocessing));
        case View::Kind::kWhole:
            return data::resize_and_centre_crop(image, whole);
        case View::Kind::kWholeFlip:
            return mirrored(data::resize_and_centre_crop(image, whole));
        case View::Kind::kRandom:
            break;
    }
    const core::RandomStream stream(views.seed, core::Purpose::kView,
                                    {content.high, content.low, static_cast<uint64_t>(view.number)});
    return data::augment(image, preprocessing, views.augment, stream);
}

}  // namespace kaziranga::training
