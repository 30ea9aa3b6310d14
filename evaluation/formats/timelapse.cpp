#include "core/text.hpp"
#include "evaluation/formats/table.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

namespace kaziranga::evaluation {
namespace {

/// A table that Timelapse (timelapse.ucalgary.ca) imports: one row an image, found by File and RelativePath below the
/// folder of its template. The other columns are the data labels that the template needs.
class TimelapseWriter : public ImageByImageWriter {
  public:
    explicit TimelapseWriter(const PredictionContext& context) : context_(context) {}

    std::string begin() override { return "File,RelativePath,DateTime,Species,Confidence,Animals\n"; }

    std::string end() override { return last_image(); }

  private:
    /// The surest answer of the image's boxes.
    std::string image(const std::vector<Prediction>& answers) override {
        const Prediction& best = *std::ranges::max_element(
            answers, {}, [](const Prediction& p) { return p.confidence.empty() ? -1.0 : p.confidence.front(); });
        const std::filesystem::path path = name_below_base(best.name, context_);
        std::string folder = path.parent_path().generic_string();
        std::ranges::replace(folder, '/', '\\');  // Timelapse is a program for Windows
        const std::string time = best.time ? time_text(*best.time, ' ') : "";
        const auto boxes = std::ranges::count_if(answers, [](const Prediction& p) { return p.box.has_value(); });
        using core::csv_field;
        return fmt::format(
            "{},{},{},{},{},{}\n", csv_field(path.filename().string()), csv_field(folder), time,
            best.classes.empty() ? "" : csv_field(context_.classes.at(static_cast<size_t>(best.classes.front()))),
            best.classes.empty() ? "" : fmt::format("{:.4f}", best.confidence.front()),
            boxes > 0 ? std::to_string(boxes) : "");
    }

    PredictionContext context_;
};

bool recognises(std::string_view start) {
    return start.starts_with("File,RelativePath,DateTime");
}

}  // namespace

const PredictionFormat kTimelapsePredictions = {
    .name = "timelapse",
    .extension = ".csv",
    .help = "a table that Timelapse imports, one row an image",
    .recognises = recognises,
    .writer = [](const PredictionContext& context) -> std::unique_ptr<PredictionWriter> {
        return std::make_unique<TimelapseWriter>(context);
    },
    .has_events = false};

}  // namespace kaziranga::evaluation
