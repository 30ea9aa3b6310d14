#include "training/run/usable_images.hpp"

#include "core/log.hpp"

#include <algorithm>

namespace kaziranga::training {

ImageSieve::ImageSieve(data::ErrorPolicy on_error, data::Depth depth, int64_t max_pixels, int64_t workers)
    : on_error_(on_error), depth_(depth), max_pixels_(max_pixels), workers_(workers) {}

void ImageSieve::set_aside(const std::vector<core::Problem>& unusable) {
    skipped_.insert(skipped_.end(), unusable.begin(), unusable.end());
}

UsableImages ImageSieve::inspect(const data::Samples& samples) {
    const auto inspections = data::inspect(samples, depth_, max_pixels_, workers_);
    UsableImages usable;
    for (size_t i = 0; i < samples.size(); ++i) {
        if (inspections[i].problem) {
            skipped_.push_back(*inspections[i].problem);
        } else {
            usable.samples.push_back(samples[i]);
            usable.contents.push_back(inspections[i].content);
        }
    }
    return usable;
}

std::vector<int64_t> ImageSieve::drop(UsableImages& images,
                                      const std::vector<std::pair<int64_t, core::Problem>>& failed) {
    std::vector<int64_t> kept;
    UsableImages rest;
    auto next = failed.begin();
    for (size_t i = 0; i < images.samples.size(); ++i) {
        const auto position = static_cast<int64_t>(i);
        if (next != failed.end() && next->first == position) {
            skipped_.push_back(next->second);
            ++next;
            continue;
        }
        kept.push_back(position);
        rest.samples.push_back(images.samples[i]);
        rest.contents.push_back(images.contents[i]);
    }
    images = std::move(rest);
    return kept;
}

void ImageSieve::settle() {
    if (skipped_.empty()) return;
    if (on_error_ == data::ErrorPolicy::kRefuse) {
        std::vector<core::Problem> problems = skipped_;
        problems.push_back({.what = std::to_string(skipped_.size()) + " image(s) cannot be used",
                            .remedy = "mend or remove them, or leave them out with data.on_error=skip"});
        throw core::Error(std::move(problems));
    }
    for (; logged_ < skipped_.size(); ++logged_) core::log().warn("skipped: {}", core::to_line(skipped_[logged_]));
}

}  // namespace kaziranga::training
