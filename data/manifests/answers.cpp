#include "core/interrupt.hpp"
#include "core/text.hpp"
#include "data/manifests/detections.hpp"
#include "data/manifests/json_file.hpp"
#include "data/manifests/rows.hpp"
#include "data/manifests/table.hpp"
#include "data/wording.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace kaziranga::data {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

/// The class in an answer of SpeciesNet, "id;class;order;family;genus;species;common name": the common name, else the
/// finest rank that is named.
std::string class_in(const std::string& prediction) {
    const size_t end = prediction.find_last_not_of(';');
    if (end == std::string::npos) return {};
    const size_t separator = prediction.find_last_of(';', end);
    return separator == std::string::npos ? prediction.substr(0, end + 1)
                                          : prediction.substr(separator + 1, end - separator);
}

/// Labels that a classifier or a person wrote into MegaDetector's JSON, box by box, or SpeciesNet's answers.
class Reader {
  public:
    Reader(const fs::path& file, const DataOptions& options)
        : file_(file), options_(options), builder_(file, options, /*entries=*/"image") {
        for (const std::string& category : options.crop.categories) categories_.push_back(core::lower(category));
    }

    Manifest run() {
        const std::vector<DetectedImage> images = read_detections(file_, {}, TableOf::kDetections);
        const Json json = read_json(file_);
        const bool boxes = json.contains("images") && json.contains("classification_categories");
        if (!boxes && !json.contains("predictions")) {
            throw core::Error({.what = "the JSON has no answers of a classifier",
                               .where = file_.string(),
                               .expected = "MegaDetector's 'images' with 'classification_categories', or SpeciesNet's "
                                           "'predictions'"});
        }
        const Json& entries = json.at(boxes ? "images" : "predictions");
        for (size_t i = 0; i < images.size(); ++i) {
            constexpr size_t kBetweenLooks = 1024;
            if (i % kBetweenLooks == 0) core::throw_if_interrupted();
            try {
                boxes ? add_boxes_of(images[i], entries[i], json.at("classification_categories"), i)
                      : add_answer(images[i], entries[i], i);
            } catch (const Json::exception& error) {
                builder_.add_problem(static_cast<int64_t>(i) + 1,
                                     {.what = "an answer of another form", .found = error.what()});
            }
        }
        if (without_ > 0) {
            builder_.add_warning(0, {.what = counted(without_, "image") + " without a class: passed over"});
        }
        Manifest manifest = builder_.finish(/*splits=*/false);
        manifest.read_as = boxes ? "MegaDetector's JSON, its classes a box" : "SpeciesNet's answers";
        return manifest;
    }

  private:
    bool takes(const Detection& detection) const {
        return detection.box.confidence >= options_.crop.min_confidence &&
               std::ranges::count(categories_, detection.category) > 0;
    }

    /// The surest class of each box.
    void add_boxes_of(const DetectedImage& image, const Json& entry, const Json& names, size_t i) {
        bool labelled = false;
        for (size_t k = 0; k < image.facts.detections.size(); ++k) {
            const Json& detection = entry.at("detections").at(k);
            const auto classes = detection.find("classifications");
            const RelativeBox& box = image.facts.detections[k].box;
            const bool whole = box.width >= 1 && box.height >= 1;  // the answer for an image without boxes
            if (classes == detection.end() || classes->empty()) continue;
            if (!whole && !takes(image.facts.detections[k])) continue;
            const auto best =
                std::ranges::max_element(*classes, {}, [](const Json& c) { return c.at(1).get<double>(); });
            add_row(image, names.at(best->at(0).get<std::string>()).get<std::string>(),
                    whole ? std::nullopt : std::optional(box), i);
            labelled = true;
        }
        without_ += labelled ? 0 : 1;
    }

    /// SpeciesNet answers for the surest box of an image.
    void add_answer(const DetectedImage& image, const Json& entry, size_t i) {
        const auto prediction = entry.find("prediction");
        const std::string name =
            prediction == entry.end() || prediction->is_null() ? "" : class_in(prediction->get<std::string>());
        if (name.empty()) {
            ++without_;
            return;
        }
        const auto& all = image.facts.detections;
        const auto best =
            std::ranges::max_element(all, {}, [](const Detection& detection) { return detection.box.confidence; });
        const bool boxed = best != all.end() && takes(*best);
        add_row(image, name, boxed ? std::optional(best->box) : std::nullopt, i);
    }

    void add_row(const DetectedImage& image, std::string label, std::optional<RelativeBox> box, size_t i) {
        builder_.add({.line = static_cast<int64_t>(i) + 1, .path = image.path, .label = std::move(label), .box = box});
    }

    fs::path file_;
    const DataOptions& options_;
    ManifestBuilder builder_;
    std::vector<std::string> categories_;
    size_t without_ = 0;
};

bool has_answers(const fs::path& root) {
    return is_json_with(root, {"images", "classification_categories", "classifications"}) ||
           is_json_with(root, {"predictions", "prediction"});
}

Manifest read_answers(const DataOptions& options) {
    return Reader(options.root, options).run();
}

}  // namespace

const ManifestFormat kAnswersManifest = {.name = "answers",
                                         .help = "MegaDetector's JSON with a class a box, or SpeciesNet's answers",
                                         .is = "a JSON of answers",
                                         .to_set_aside = "set data.test_fraction",
                                         .among_images = false,
                                         .recognises = has_answers,
                                         .read = read_answers,
                                         .read_rows = read_answers};

}  // namespace kaziranga::data
