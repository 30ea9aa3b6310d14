#include "core/text.hpp"
#include "evaluation/formats/table.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include <nlohmann/json.hpp>

namespace kaziranga::evaluation {
namespace {

using Json = nlohmann::ordered_json;

/// The version of the format that is written (github.com/agentmorris/MegaDetector, megadetector-output-format.md).
constexpr const char* kVersion = "1.5";
constexpr const char* kAnimal = "animal";
/// MegaDetector's categories. Others of a detector are numbered behind them.
constexpr const char* kUsualCategories[] = {kAnimal, "person", "vehicle"};

/// Rounds to the four digits that detectors write.
double rounded(double value) {
    constexpr double kDigits = 1e4;
    return std::round(value * kDigits) / kDigits;
}

std::string dump(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// MegaDetector's results with the classifier's answers in them: one object an image, with all that the detector found.
class MegadetectorWriter : public ImageByImageWriter {
  public:
    explicit MegadetectorWriter(const PredictionContext& context) : context_(context) {
        for (const char* category : kUsualCategories) add_category(category);
        for (const data::Sample& sample : context.samples) {
            for (const data::Detection& detection : data::facts_of(sample).detections) add_category(detection.category);
        }
    }

    std::string begin() override {
        Json detected = Json::object(), classes = Json::object();
        for (const auto& [name, id] : categories_) detected[id] = name;
        for (size_t k = 0; k < context_.classes.size(); ++k) classes[std::to_string(k)] = context_.classes[k];
        const Json info = {{"format_version", kVersion},
                           {"classifier", context_.program},
                           {"classification_completion_time", context_.now}};
        return "{\n\"info\": " + dump(info) + ",\n\"detection_categories\": " + dump(detected) +
               ",\n\"classification_categories\": " + dump(classes) + ",\n\"images\": [";
    }

    std::string end() override { return last_image() + "\n]\n}\n"; }

  private:
    void add_category(const std::string& name) {
        categories_.try_emplace(name, std::to_string(categories_.size() + 1));
    }

    std::string image(const std::vector<Prediction>& answers) override {
        Json image = {{"file", name_below_base(answers.front().name, context_)}};
        const auto failed = std::ranges::find_if(answers, [](const Prediction& p) { return !p.problem.empty(); });
        if (failed != answers.end()) {
            image["failure"] = core::printable(failed->problem);
            image["detections"] = nullptr;
        } else {
            image["detections"] = detections_of(answers);
        }
        return std::exchange(separator_, ",\n") + dump(image);
    }

    /// All boxes of the detector, and those answers that are of no such box: of boxes that a table names, and of whole
    /// images. The answer for a whole image in which the detector found nothing has confidence 0 as a detection.
    Json detections_of(const std::vector<Prediction>& answers) const {
        Json all = Json::array();
        std::vector<bool> used(answers.size(), false);
        const data::ImageFacts& facts = answers.front().facts ? *answers.front().facts : kNothing;
        for (const data::Detection& detection : facts.detections) {
            const auto answer =
                std::ranges::find_if(answers, [&](const Prediction& p) { return p.box && *p.box == detection.box; });
            Json entry = entry_of(detection.box, detection.category);
            if (answer != answers.end()) {
                used[static_cast<size_t>(answer - answers.begin())] = true;
                entry["classifications"] = classifications_of(*answer);
            }
            all.push_back(std::move(entry));
        }
        for (size_t i = 0; i < answers.size(); ++i) {
            if (used[i]) continue;
            const data::RelativeBox whole = {.width = 1, .height = 1, .confidence = facts.examined ? 0.0F : 1.0F};
            Json entry = entry_of(answers[i].box.value_or(whole), kAnimal);
            entry["classifications"] = classifications_of(answers[i]);
            all.push_back(std::move(entry));
        }
        return all;
    }

    Json entry_of(const data::RelativeBox& box, const std::string& category) const {
        return {{"category", categories_.at(category)},
                {"conf", rounded(box.confidence)},
                {"bbox", {rounded(box.x), rounded(box.y), rounded(box.width), rounded(box.height)}}};
    }

    static Json classifications_of(const Prediction& answer) {
        Json all = Json::array();
        for (size_t k = 0; k < answer.classes.size(); ++k) {
            all.push_back({std::to_string(answer.classes[k]), rounded(answer.confidence[k])});
        }
        return all;
    }

    inline static const data::ImageFacts kNothing;

    PredictionContext context_;
    std::map<std::string, std::string> categories_;  // ids by name
    std::string separator_ = "\n";
};

bool recognises(std::string_view start) {
    return start.starts_with("{\n\"info\": {\"format_version\"");
}

}  // namespace

const PredictionFormat kMegadetectorPredictions = {
    .name = "megadetector",
    .extension = ".json",
    .help = "MegaDetector's JSON, the detector's boxes with their classes",
    .recognises = recognises,
    .writer = [](const PredictionContext& context) -> std::unique_ptr<PredictionWriter> {
        return std::make_unique<MegadetectorWriter>(context);
    },
    .has_events = false};

}  // namespace kaziranga::evaluation
