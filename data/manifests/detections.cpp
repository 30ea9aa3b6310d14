#include "data/manifests/detections.hpp"

#include "core/text.hpp"
#include "data/manifests/box_values.hpp"
#include "data/manifests/clock.hpp"
#include "data/manifests/columns.hpp"
#include "data/manifests/json_file.hpp"
#include "data/manifests/text_table.hpp"
#include "data/wording.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace kaziranga::data {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

/// MegaDetector's categories, for files that do not name theirs.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kUsualCategories = {
    {{"0", "empty"}, {"1", "animal"}, {"2", "person"}, {"3", "vehicle"}}};

std::string usual_category(const std::string& id) {
    const auto* found = std::ranges::find(kUsualCategories, id, [](const auto& entry) { return entry.first; });
    return found == kUsualCategories.end() ? core::lower(id) : std::string(found->second);
}

/// Reads answers in JSON.
class JsonReader {
  public:
    explicit JsonReader(const fs::path& file) : file_(file) {}

    std::vector<DetectedImage> read() {
        const Json json = read_json(file_);
        const Json& images = list_of(json);
        if (json.contains("detection_categories") && json["detection_categories"].is_object()) {
            for (const auto& [id, name] : json["detection_categories"].items()) {
                if (name.is_string()) categories_[id] = core::lower(name.get<std::string>());
            }
        }
        std::vector<DetectedImage> all;
        for (size_t i = 0; i < images.size(); ++i) {
            try {
                all.push_back(image_of(images[i], fmt::format("{}: image {}", file_.string(), i + 1)));
            } catch (const Json::exception& error) {
                problems_.push_back({.what = fmt::format("image {} of the list has another form", i + 1),
                                     .where = file_.string(),
                                     .expected = "{\"file\": …, \"detections\": [{\"category\": …, \"conf\": …, "
                                                 "\"bbox\": [x, y, width, height]}]}",
                                     .found = error.what()});
            }
        }
        throw_if_any(std::move(problems_));
        return all;
    }

  private:
    const Json& list_of(const Json& json) const {
        for (const char* key : {"images", "predictions", "instances"}) {
            if (json.is_object() && json.contains(key) && json[key].is_array()) return json[key];
        }
        throw core::Error({.what = "not a detector's answers",
                           .where = file_.string(),
                           .expected = "MegaDetector's JSON, with a list 'images', or SpeciesNet's, with a list "
                                       "'predictions' or 'instances'"});
    }

    /// MegaDetector's, SpeciesNet's or COCO's name for it.
    static const char* key_of_path(const Json& json) {
        for (const char* key : {"file", "filepath", "file_name"}) {
            if (json.contains(key)) return key;
        }
        return "file";
    }

    DetectedImage image_of(const Json& json, const std::string& where) {
        DetectedImage image{.path = json.at(key_of_path(json)).get<std::string>(),
                            .facts = {.site = text_in(json, "location"), .sequence = text_in(json, "seq_id")},
                            .time = seconds_of(text_in(json, "datetime"))};
        const auto detections = json.find("detections");  // missing or null where the detector failed
        image.facts.examined = detections != json.end() && !detections->is_null();
        if (!image.facts.examined) return image;
        for (const Json& entry : *detections) {
            const auto sides = entry.at("bbox").get<std::array<float, 4>>();
            const RelativeBox box{.x = sides[0],
                                  .y = sides[1],
                                  .width = sides[2],
                                  .height = sides[3],
                                  .confidence = entry.value("conf", 1.0F)};
            if (const auto checked = checked_box(box, where, problems_))
                image.facts.detections.push_back({*checked, category_of(entry)});
        }
        return image;
    }

    std::string category_of(const Json& entry) const {
        if (entry.contains("label") && entry["label"].is_string())
            return core::lower(entry["label"].get<std::string>());
        const Json& category = entry.at("category");
        const std::string id = category.is_string() ? category.get<std::string>() : category.dump();
        const auto named = categories_.find(id);
        return named != categories_.end() ? named->second : usual_category(id);
    }

    fs::path file_;
    std::unordered_map<std::string, std::string> categories_;  // by id
    std::vector<core::Problem> problems_;
};

/// Reads a table with one row a box. An image without boxes has one row without numbers.
std::vector<DetectedImage> read_table(const fs::path& file, const core::config::Table& named, TableOf contents) {
    const auto where = [&](int64_t line) { return file.string() + ":" + std::to_string(line); };
    TextTable table = read_text_table(file);
    std::vector<core::Problem> problems, warnings;
    for (auto& [line, problem] : table.problems) {
        problem.where = where(line);
        problems.push_back(std::move(problem));
    }
    throw_if_any(problems);
    Columns columns = find_columns(table.header, named, contents, problems, warnings);
    const bool has_boxes = columns.box_x.has_value();
    if (has_boxes) columns = find_columns(table.header, named, TableOf::kDetections, problems, warnings);
    for (core::Problem& problem : problems) problem.where = where(table.header.line);
    throw_if_any(problems);
    std::vector<DetectedImage> all;
    std::unordered_map<std::string, size_t> places;
    for (const CsvRecord& record : table.rows) {
        const std::string& path = record.fields[*columns.path];
        const auto [place, is_new] = places.try_emplace(path, all.size());
        if (is_new) {
            all.push_back({.path = path,
                           .facts = {.site = field_in(record, columns.site),
                                     .sequence = field_in(record, columns.sequence),
                                     .examined = has_boxes},
                           .time = seconds_of(field_in(record, columns.time))});
        }
        const auto box = box_of(record, columns, where(record.line), problems);
        if (!box) continue;
        const std::string category = columns.category ? usual_category(record.fields[*columns.category]) : "animal";
        all[place->second].facts.detections.push_back({*box, category});
    }
    throw_if_any(problems);
    return all;
}

}  // namespace

std::vector<DetectedImage> read_detections(const fs::path& file, const core::config::Table& columns, TableOf contents) {
    std::vector<DetectedImage> images =
        is_json_name(file) ? JsonReader(file).read() : read_table(file, columns, contents);
    std::vector<core::Problem> problems;
    for (const DetectedImage& image : images) {
        if (image.path.find('\0') == std::string::npos) continue;
        problems.push_back({.what = "a zero byte in the path of an image",
                            .where = file.string(),
                            .found = "'" + core::printable(image.path) + "'"});
    }
    throw_if_any(std::move(problems));
    if (!images.empty()) return images;
    throw core::Error({.what = "the file names no image", .where = file.string()});
}

}  // namespace kaziranga::data
