#include "models/head_spec.hpp"

#include <nlohmann/json.hpp>

#include <stdexcept>

namespace kaziranga::training {

using Json = nlohmann::ordered_json;

Json head_spec_json(const models::HeadSpec& spec) {
    Json json = {{"kind", spec.kind}, {"features", spec.features}, {"classes", spec.classes}};
    if (spec.stage_features > 0) json["stage_features"] = spec.stage_features;
    if (spec.kind == "source") json["source_classes"] = spec.source_classes;
    if (spec.kind == "mlp") json["hidden"] = spec.hidden;
    if (spec.kind == "neighbours") {
        json["bank"] = spec.bank;
        json["neighbours"] = spec.neighbours;
        json["temperature"] = spec.temperature;
    }
    return json;
}

models::HeadSpec head_spec_from(const Json& json) {
    models::HeadSpec spec{.kind = json.at("kind"), .features = json.at("features"), .classes = json.at("classes")};
    spec.stage_features = json.value("stage_features", int64_t{0});
    spec.source_classes = json.value("source_classes", int64_t{0});
    spec.hidden = json.value("hidden", int64_t{0});
    spec.bank = json.value("bank", int64_t{0});
    spec.neighbours = json.value("neighbours", int64_t{0});
    spec.temperature = json.value("temperature", 1.0);
    constexpr int64_t kLargest = int64_t{1} << 24;
    for (const int64_t size : {spec.features, spec.classes, spec.stage_features, spec.source_classes, spec.hidden,
                               spec.bank, spec.neighbours}) {
        if (size < 0 || size > kLargest) throw std::invalid_argument("sizes of the head out of range");
    }
    return spec;
}

}  // namespace kaziranga::training
