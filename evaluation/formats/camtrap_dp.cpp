#include "core/text.hpp"
#include "evaluation/class_kinds.hpp"
#include "evaluation/formats/table.hpp"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

namespace kaziranga::evaluation {
namespace {

/// The fields of observations.csv (camtrap-dp.tdwg.org, version 1.0): all of them, as its schema wants.
constexpr std::string_view kHeader =
    "observationID,deploymentID,mediaID,eventID,eventStart,eventEnd,observationLevel,observationType,cameraSetupType,"
    "scientificName,count,lifeStage,sex,behavior,individualID,individualPositionRadius,individualPositionAngle,"
    "individualSpeed,bboxX,bboxY,bboxWidth,bboxHeight,classificationMethod,classifiedBy,classificationTimestamp,"
    "classificationProbability,observationTags,observationComments\n";

/// The camera's clock is taken as it is: which time zone it shows stands in no photograph.
std::string zoned(int64_t seconds) {
    return time_text(seconds, 'T') + "Z";
}

class CamtrapWriter : public PredictionWriter {
  public:
    explicit CamtrapWriter(const PredictionContext& context) : context_(context) {}

    std::string begin() override { return std::string(kHeader); }

    std::string row(const Prediction& p) override {
        const std::string media = name_below_base(p.name, context_);
        const std::string time = zoned(p.time.value_or(0));
        std::string box = ",,,";
        if (p.box) {
            box = fmt::format("{:.4f},{:.4f},{:.4f},{:.4f}", p.box->x, p.box->y, std::max(p.box->width, kThinnest),
                              std::max(p.box->height, kThinnest));
        }
        return line({.id = p.box ? data::name_of_box(media, *p.box) : media,
                     .deployment = deployment_of(p, media),
                     .media = media,
                     .event = !p.event.empty() ? name_below_base(p.event, context_)
                              : p.facts        ? p.facts->sequence
                                               : "",
                     .start = time,
                     .end = time,
                     .level = "media",
                     .box = box},
                    p);
    }

    std::string event(const Prediction& p) override {
        const std::string event = name_below_base(p.event, context_);
        return line({.id = "event " + event,
                     .deployment = deployment_of(p, name_below_base(p.first_image, context_)),
                     .media = "",
                     .event = event,
                     .start = zoned(p.time.value_or(0)),
                     .end = zoned(p.last_time.value_or(p.time.value_or(0))),
                     .level = "event",
                     .box = ",,,"},
                    p);
    }

  private:
    /// The fields that depend on what is observed, not on the answer.
    struct Place {
        std::string id, deployment, media, event, start, end;
        std::string_view level;
        std::string box;
    };

    std::string line(const Place& place, const Prediction& p) const {
        const bool answered = !p.classes.empty();
        const std::string name = answered ? context_.classes.at(static_cast<size_t>(p.classes.front())) : "";
        const std::string_view type = answered ? kind_of_class(name) : "unclassified";
        using core::csv_field;
        return fmt::format("{},{},{},{},{},{},{},{},,{},,,,,,,,,{},{},{},{},{},,{}\n", csv_field(place.id),
                           csv_field(place.deployment), csv_field(place.media), csv_field(place.event), place.start,
                           place.end, place.level, type, type == "animal" ? csv_field(name) : "", place.box,
                           answered ? "machine" : "", answered ? csv_field(context_.program) : "",
                           answered ? context_.now : "", answered ? fmt::format("{:.4f}", p.confidence.front()) : "",
                           csv_field(core::printable(p.problem)));
    }

    /// The site; where none is known the folder of the image.
    std::string deployment_of(const Prediction& p, const std::string& media) const {
        if (p.facts && !p.facts->site.empty()) return p.facts->site;
        std::string folder = std::filesystem::path(media).parent_path().generic_string();
        if (!folder.empty()) return folder;
        const std::filesystem::path base = std::filesystem::path(context_.base).lexically_normal();
        const std::string name = (base.has_filename() ? base : base.parent_path()).filename().string();
        return name.empty() || name == "." ? kUnknownDeployment : name;
    }

    static constexpr const char* kUnknownDeployment = "unknown";
    static constexpr float kThinnest = 1e-4F;  // a width of 0 is not allowed

    PredictionContext context_;
};

bool recognises(std::string_view start) {
    return start.starts_with("observationID,deploymentID,mediaID");
}

}  // namespace

const PredictionFormat kCamtrapPredictions = {
    .name = "camtrap-dp",
    .extension = ".csv",
    .help = "observations.csv of Camtrap DP",
    .recognises = recognises,
    .writer = [](const PredictionContext& context) -> std::unique_ptr<PredictionWriter> {
        return std::make_unique<CamtrapWriter>(context);
    },
    .needs_times = true};

}  // namespace kaziranga::evaluation
