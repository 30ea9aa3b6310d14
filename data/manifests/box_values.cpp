#include "data/manifests/box_values.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

#include <fmt/format.h>

namespace kaziranga::data {
namespace {

/// Detectors round their numbers.
constexpr float kRounding = 0.01F;

/// Says what is wrong with a box; nothing if it can be used.
std::string_view fault_of(const RelativeBox& box) {
    for (const float value : {box.x, box.y, box.width, box.height, box.confidence}) {
        if (!std::isfinite(value)) return "a box with a number that is not finite";
    }
    const bool inside = box.x >= -kRounding && box.y >= -kRounding && box.x + box.width <= 1 + kRounding &&
                        box.y + box.height <= 1 + kRounding;
    if (!inside) return "a box that is not in the image";
    if (box.width <= 0 || box.height <= 0) return "a box of no area";
    if (box.confidence < 0 || box.confidence > 1) return "a confidence that is not from 0 to 1";
    return {};
}

std::optional<float> number_in(std::string_view text) {
    float value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

}  // namespace

std::optional<RelativeBox> checked_box(RelativeBox box, const std::string& where,
                                       std::vector<core::Problem>& problems) {
    const RelativeBox written = box;
    std::string_view fault = fault_of(box);
    if (fault.empty()) {
        const float right = std::min(box.x + box.width, 1.0F), bottom = std::min(box.y + box.height, 1.0F);
        box.x = std::max(box.x, 0.0F);
        box.y = std::max(box.y, 0.0F);
        box.width = right - box.x;
        box.height = bottom - box.y;
        fault = fault_of(box);
    }
    if (!fault.empty()) {
        problems.push_back({.what = std::string(fault),
                            .where = where,
                            .expected = "left, top, width and height as shares of the image's sides, 0 to 1",
                            .found = fmt::format("{:g}, {:g}, {:g}, {:g}, confidence {:g}", written.x, written.y,
                                                 written.width, written.height, written.confidence),
                            .remedy = "boxes in pixels have to be divided by the image's width and height"});
        return std::nullopt;
    }
    return box;
}

std::optional<RelativeBox> checked_pixel_box(const std::array<float, 4>& sides, float width, float height,
                                             std::vector<core::Problem>& problems) {
    return checked_box(
        {.x = sides[0] / width, .y = sides[1] / height, .width = sides[2] / width, .height = sides[3] / height},
        /*where=*/"", problems);
}

std::optional<RelativeBox> box_of(const CsvRecord& record, const Columns& columns, const std::string& where,
                                  std::vector<core::Problem>& problems) {
    const std::array<std::optional<size_t>, 4> places = {columns.box_x, columns.box_y, columns.box_width,
                                                         columns.box_height};
    if (!std::ranges::all_of(places, [](const auto& place) { return place.has_value(); })) return std::nullopt;
    std::array<float, 4> sides{};
    size_t empty = 0;
    for (size_t i = 0; i < places.size(); ++i) {
        const std::string& field = record.fields[*places[i]];
        empty += field.empty() ? 1 : 0;
        const auto number = number_in(field);
        if (number) sides[i] = *number;
        if (number || field.empty()) continue;
        problems.push_back({.what = "a box that is not four numbers", .where = where, .found = "'" + field + "'"});
        return std::nullopt;
    }
    if (empty == places.size()) return std::nullopt;
    if (empty > 0) {
        problems.push_back({.what = "a box of which numbers are missing", .where = where});
        return std::nullopt;
    }
    RelativeBox box{.x = sides[0], .y = sides[1], .width = sides[2], .height = sides[3]};
    if (columns.confidence && !record.fields[*columns.confidence].empty()) {
        const auto number = number_in(record.fields[*columns.confidence]);
        if (!number) {
            problems.push_back({.what = "a confidence that is not a number",
                                .where = where,
                                .found = "'" + record.fields[*columns.confidence] + "'"});
            return std::nullopt;
        }
        box.confidence = *number;
    }
    return checked_box(box, where, problems);
}

}  // namespace kaziranga::data
