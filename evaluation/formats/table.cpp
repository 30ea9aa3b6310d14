#include "evaluation/formats/table.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iterator>

#include <fmt/chrono.h>

namespace kaziranga::evaluation {
namespace {

template <class Is>
const PredictionFormat* first(const Is& is) {
    const auto* found = std::ranges::find_if(kPredictionFormats, [&](const auto* format) { return is(*format); });
    return found == std::end(kPredictionFormats) ? nullptr : *found;
}

}  // namespace

std::vector<std::string> prediction_format_names() {
    std::vector<std::string> names;
    for (const PredictionFormat* format : kPredictionFormats) names.emplace_back(format->name);
    return names;
}

const PredictionFormat* prediction_format_named(std::string_view name) {
    return first([&](const PredictionFormat& format) { return format.name == name; });
}

const PredictionFormat* prediction_format_with(std::string_view extension) {
    return first([&](const PredictionFormat& format) { return format.extension == extension; });
}

std::string name_below_base(const std::string& name, const PredictionContext& context) {
    if (context.base.empty()) return name;
    const std::filesystem::path below = std::filesystem::path(name).lexically_normal().lexically_relative(
        std::filesystem::path(context.base).lexically_normal());
    return below.empty() || *below.begin() == ".." ? name : below.generic_string();
}

std::string iso_time(int64_t seconds) {
    const std::chrono::sys_seconds time{std::chrono::seconds(seconds)};
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}", time);
}

}  // namespace kaziranga::evaluation
