#include "evaluation/formats/table.hpp"
#include "evaluation/records.hpp"

namespace kaziranga::evaluation {
namespace {

class CsvWriter : public PredictionWriter {
  public:
    explicit CsvWriter(const PredictionContext& context)
        : classes_(context.classes), columns_(columns_of(context.samples, context.shown)) {
        columns_.problems = true;
        columns_.events = context.events;
    }

    std::string begin() override { return predictions_csv_header(columns_); }
    std::string row(const Prediction& prediction) override {
        return predictions_csv_line(prediction, classes_, columns_);
    }
    std::string event(const Prediction& event) override { return row(event); }

  private:
    std::vector<std::string> classes_;
    PredictionColumns columns_;
};

bool recognises(std::string_view start) {
    return start.starts_with("path,label,top1,top1_index,confidence");
}

}  // namespace

const PredictionFormat kCsvPredictions = {
    .name = "csv",
    .extension = ".csv",
    .help = "a table, one row an image or box",
    .recognises = recognises,
    .writer = [](const PredictionContext& context) -> std::unique_ptr<PredictionWriter> {
        return std::make_unique<CsvWriter>(context);
    }};

}  // namespace kaziranga::evaluation
