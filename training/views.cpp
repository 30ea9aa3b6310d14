#include "training/views.hpp"

#include <utility>

#include "core/config/config.hpp"
#include "core/random.hpp"
#include "data/augment/augment.hpp"
#include "data/augment/geometry.hpp"
#include "data/transform.hpp"

namespace kaziranga::training {
namespace {

const std::vector<std::pair<std::string, View::Kind>>& named_views() {
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

core::config::Strings test_view_names() {
    core::config::Strings names;
    for (const auto& [name, kind] : named_views()) names.push_back(name);
    return names;
}

Views test_views(const core::config::Strings& names) {
    Views views{.list = {}};
    for (const std::string& name : names) {
        for (const auto& [known, kind] : named_views()) {
            if (known == name) views.list.push_back({kind});
        }
    }
    TORCH_CHECK(views.list.size() == names.size(), "an unknown test view");
    return views;
}

Views training_views(int64_t count, const data::AugmentOptions& augment, uint64_t seed) {
    Views views{{{View::Kind::kCentre}}, augment, seed};
    for (int64_t number = 1; number < count; ++number) views.list.push_back({View::Kind::kRandom, number});
    return views;
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
