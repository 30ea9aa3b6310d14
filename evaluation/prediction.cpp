#include "evaluation/prediction.hpp"

namespace kaziranga::evaluation {

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
