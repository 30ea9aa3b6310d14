#include "data/formats/region.hpp"

#include <algorithm>
#include <cmath>

namespace kaziranga::data {
namespace {

struct Span {
    int64_t first = 0, count = 0;
};

/// Returns the pixels around a centre, moved into [0, size).
Span span_around(double centre, double length, int64_t size) {
    const int64_t count = std::clamp<int64_t>(std::llround(length), 1, size);
    const int64_t first = std::llround(centre - static_cast<double>(count) / 2);
    return {std::clamp<int64_t>(first, 0, size - count), count};
}

}  // namespace

Box region_of(const RelativeBox& box, const core::BoxCrop& crop, int64_t height, int64_t width) {
    const auto rows = static_cast<double>(height), columns = static_cast<double>(width);
    const double box_height = box.height * rows, box_width = box.width * columns;
    const double longer = std::max(box_height, box_width);
    const double margins = 2 * crop.margin * longer;
    const Span down = span_around(box.y * rows + box_height / 2, (crop.square ? longer : box_height) + margins, height);
    const Span right =
        span_around(box.x * columns + box_width / 2, (crop.square ? longer : box_width) + margins, width);
    return {.top = down.first, .left = right.first, .height = down.count, .width = right.count};
}

}  // namespace kaziranga::data
