#include "evaluation/formats/table.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <utility>

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

std::string ImageByImageWriter::row(const Prediction& prediction) {
    std::string before;
    if (!answers_.empty() && answers_.front().name != prediction.name) before = last_image();
    answers_.push_back(prediction);
    return before;
}

std::string ImageByImageWriter::last_image() {
    const std::vector<Prediction> answers = std::exchange(answers_, {});
    return answers.empty() ? "" : image(answers);
}

std::string name_below_base(const std::string& name, const PredictionContext& context) {
    if (context.base.empty()) return name;
    const std::filesystem::path below = std::filesystem::path(name).lexically_normal().lexically_relative(
        std::filesystem::path(context.base).lexically_normal());
    return below.empty() || *below.begin() == ".." ? name : below.generic_string();
}

}  // namespace kaziranga::evaluation
