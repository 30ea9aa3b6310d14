#include "evaluation/formats/table.hpp"
#include "evaluation/records.hpp"

namespace kaziranga::evaluation {
namespace {

/// A list with one object a line.
class JsonWriter : public PredictionWriter {
  public:
    explicit JsonWriter(const PredictionContext& context) : classes_(context.classes) {}

    std::string row(const Prediction& prediction) override {
        const std::string before = empty_ ? "[\n" : ",\n";
        empty_ = false;
        return before + prediction_json(prediction, classes_);
    }
    std::string event(const Prediction& event) override { return row(event); }
    std::string end() override { return empty_ ? "[]\n" : "\n]\n"; }

  private:
    std::vector<std::string> classes_;
    bool empty_ = true;
};

class JsonLinesWriter : public PredictionWriter {
  public:
    explicit JsonLinesWriter(const PredictionContext& context) : classes_(context.classes) {}

    std::string row(const Prediction& prediction) override { return prediction_json(prediction, classes_) + "\n"; }
    std::string event(const Prediction& event) override { return row(event); }

  private:
    std::vector<std::string> classes_;
};

bool is_json(std::string_view start) {
    return start.starts_with("[]") || start.starts_with("[\n{\"path\":");
}

bool is_json_lines(std::string_view start) {
    return start.starts_with("{\"path\":");
}

}  // namespace

const PredictionFormat kJsonPredictions = {
    .name = "json",
    .extension = ".json",
    .help = "a list with one object an image or box",
    .recognises = is_json,
    .writer = [](const PredictionContext& context) -> std::unique_ptr<PredictionWriter> {
        return std::make_unique<JsonWriter>(context);
    }};

const PredictionFormat kJsonLinesPredictions = {
    .name = "jsonl",
    .extension = ".jsonl",
    .help = "the same objects, one a line",
    .recognises = is_json_lines,
    .writer = [](const PredictionContext& context) -> std::unique_ptr<PredictionWriter> {
        return std::make_unique<JsonLinesWriter>(context);
    }};

}  // namespace kaziranga::evaluation
