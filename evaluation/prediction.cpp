#include "evaluation/prediction.hpp"

#include <chrono>

#include <fmt/chrono.h>

namespace kaziranga::evaluation {

std::string time_text(int64_t seconds, char between) {
    const std::chrono::sys_seconds time{std::chrono::seconds(seconds)};
    return fmt::format("{:%Y-%m-%d}{}{:%H:%M:%S}", time, between, time);
}

Prediction unanswered(const data::Sample& sample) {
    return {.name = data::image_name(sample),
            .label = {},
            .classes = {},
            .confidence = {},
            .box = sample.box,
            .time = sample.time,
            .facts = sample.facts};
}

}  // namespace kaziranga::evaluation
