#include "data/augment/augment.hpp"

#include "data/augment/draws.hpp"
#include "data/augment/geometry.hpp"
#include "data/transform.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace kaziranga::data {
namespace {

/// Fills the box with the mean colour, which is 0 after normalisation.
void erase(at::Tensor& image, const Box& box, const std::array<double, 3>& mean) {
    constexpr double kWhite = 255;
    std::array<uint8_t, 3> colour{};
    std::ranges::transform(mean, colour.begin(),
                           [](double share) { return static_cast<uint8_t>(std::lround(share * kWhite)); });
    for (int64_t y = box.top; y < box.top + box.height; ++y) {
        uint8_t* pixel = image.mutable_data_ptr<uint8_t>() + (y * image.size(1) + box.left) * 3;
        for (int64_t x = 0; x < box.width; ++x, pixel += 3) std::ranges::copy(colour, pixel);
    }
}

}  // namespace

at::Tensor augment(const at::Tensor& image, const core::Preprocessing& preprocessing, const AugmentOptions& options,
                   core::RandomStream stream) {
    at::Tensor view = random_resized_crop(image, preprocessing, options.min_area, stream);
    const auto happens = [&stream](double probability) { return stream.uniform() < probability; };
    if (happens(options.flip)) flip_left_right(view);
    if (happens(options.vertical_flip)) flip_top_bottom(view);
    for (const Step& step : draw_jitter(options, stream)) view = apply(view, step);
    if (options.policy == AugmentPolicy::kTrivial) view = apply(view, draw_trivial(stream));
    if (options.policy == AugmentPolicy::kRandaugment) {
        for (int64_t i = 0; i < options.rand_ops; ++i) {
            view = apply(view, draw_randaugment(view.size(0), view.size(1), options.rand_magnitude, stream));
        }
    }
    if (happens(options.erasing)) {
        if (const auto box = draw_erased_box(view.size(0), view.size(1), stream)) erase(view, *box, preprocessing.mean);
    }
    return view.permute({2, 0, 1});
}

}  // namespace kaziranga::data
