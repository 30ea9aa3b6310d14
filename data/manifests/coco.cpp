#include "core/interrupt.hpp"
#include "core/text.hpp"
#include "data/manifests/box_values.hpp"
#include "data/manifests/clock.hpp"
#include "data/manifests/json_file.hpp"
#include "data/manifests/rows.hpp"
#include "data/manifests/table.hpp"
#include "data/wording.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace kaziranga::data {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr const char* kForm =
    "images with id and file_name, categories with id and name, annotations with image_id and "
    "category_id, and bbox or bbox_relative if they are of a part";

/// Ids are numbers in COCO and often texts in COCO Camera Traps.
std::string id_of(const Json& json) {
    return json.is_string() ? json.get<std::string>() : json.dump();
}

bool is_true(const Json& json, const char* key) {
    const auto found = json.find(key);
    return found != json.end() && found->is_boolean() && found->get<bool>();
}

struct Image {
    std::string path, site, sequence;
    std::optional<int64_t> time;
    std::optional<std::pair<float, float>> size;  // width and height
    bool corrupt = false;
};

/// Reads COCO and COCO Camera Traps (github.com/agentmorris/MegaDetector, data_management/README.md).
class Reader {
  public:
    Reader(const fs::path& file, const DataOptions& options)
        : file_(file), builder_(file, options, /*entries=*/"annotation") {}

    Manifest run() {
        const Json json = read_json(file_);
        read_categories(json);
        read_images(json);
        read_annotations(json);
        builder_.throw_problems();
        warn();
        Manifest manifest = builder_.finish(/*splits=*/false);
        manifest.read_as =
            fmt::format("COCO, {} and {}", counted(images_.size(), "image"), counted(annotations_, "annotation"));
        return manifest;
    }

  private:
    /// Calls `read` for each entry of a list; an entry of another form is an error.
    template <class Read>
    void each(const Json& json, const char* list, const Read& read) const {
        int64_t place = 0;
        const auto entries = json.find(list);
        if (entries == json.end() || !entries->is_array()) refuse(fmt::format("no list '{}'", list));
        for (const Json& entry : *entries) {
            constexpr int64_t kBetweenLooks = 1024;
            if (++place % kBetweenLooks == 0) core::throw_if_interrupted();
            try {
                read(entry, place);
            } catch (const Json::exception& error) {
                refuse(fmt::format("entry {} of '{}': {}", place, list, error.what()));
            }
        }
    }

    [[noreturn]] void refuse(const std::string& found) const {
        throw core::Error({.what = "the JSON is not COCO", .where = file_.string(), .expected = kForm, .found = found});
    }

    void read_categories(const Json& json) {
        each(json, "categories", [&](const Json& entry, int64_t) {
            categories_[id_of(entry.at("id"))] = entry.at("name").get<std::string>();
        });
    }

    void read_images(const Json& json) {
        each(json, "images", [&](const Json& entry, int64_t) {
            Image image{.path = entry.at("file_name").get<std::string>(),
                        .site = text_in(entry, "location"),
                        .sequence = text_in(entry, "seq_id"),
                        .time = seconds_of(text_in(entry, "datetime"))};
            if (entry.contains("width") && entry.contains("height"))
                image.size = {entry["width"].get<float>(), entry["height"].get<float>()};
            image.corrupt = is_true(entry, "corrupt");
            images_[id_of(entry.at("id"))] = std::move(image);
        });
    }

    void read_annotations(const Json& json) {
        each(json, "annotations", [&](const Json& entry, int64_t place) {
            ++annotations_;
            const auto image = images_.find(id_of(entry.at("image_id")));
            const auto category = categories_.find(id_of(entry.at("category_id")));
            if (image == images_.end())
                return builder_.add_problem(
                    place, {.what = "there is no image with its image_id", .found = id_of(entry.at("image_id"))});
            if (category == categories_.end())
                return builder_.add_problem(place, {.what = "there is no category with its category_id",
                                                    .found = id_of(entry.at("category_id"))});
            labelled_.insert(image->first);
            if (image->second.corrupt) return;
            of_sequences_ += is_true(entry, "sequence_level_annotation") ? 1 : 0;
            add_row(entry, place, image->second, category->second);
        });
    }

    void add_row(const Json& entry, int64_t place, const Image& image, const std::string& label) {
        std::vector<core::Problem> problems;
        const std::optional<RelativeBox> box = box_in(entry, image, problems);
        if (!problems.empty()) return builder_.add_problems(place, std::move(problems));
        // An image with several animals of one species has several annotations without boxes, and public sets have
        // some boxes twice.
        if (!said_.insert({box ? name_of_box(image.path, *box) : image.path, label}).second) return;
        builder_.add({.line = place,
                      .path = image.path,
                      .label = label,
                      .box = box,
                      .site = image.site,
                      .sequence = image.sequence,
                      .time = image.time});
    }

    static std::optional<RelativeBox> box_in(const Json& entry, const Image& image,
                                             std::vector<core::Problem>& problems) {
        const bool relative = entry.contains("bbox_relative") && !entry["bbox_relative"].is_null();
        const auto found = entry.find(relative ? "bbox_relative" : "bbox");
        if (found == entry.end() || found->is_null() || found->empty()) return std::nullopt;
        const auto sides = found->get<std::array<float, 4>>();
        if (!relative && !image.size) {
            problems.push_back({.what = "a box in pixels of an image without width and height",
                                .found = image.path,
                                .remedy = "write the image's width and height, or bbox_relative"});
            return std::nullopt;
        }
        const auto [width, height] = relative ? std::pair{1.0F, 1.0F} : *image.size;
        return checked_pixel_box(sides, width, height, problems);
    }

    void warn() {
        const size_t unlabelled = images_.size() - labelled_.size();
        const auto corrupt =
            static_cast<size_t>(std::ranges::count_if(images_, [](const auto& entry) { return entry.second.corrupt; }));
        const auto say = [&](size_t count, const std::string& thing, const std::string& what,
                             const std::string& remedy) {
            if (count > 0) builder_.add_warning(0, {.what = counted(count, thing) + what, .remedy = remedy});
        };
        say(unlabelled, "image", " without an annotation: passed over", "annotate empty ones as a category, 'empty'");
        say(corrupt, "image", " that the JSON calls corrupt: passed over", "");
        say(of_sequences_, "annotation", " of a whole sequence: an image of it may not show the animal",
            "data.group=sequence keeps its images together");
    }

    fs::path file_;
    ManifestBuilder builder_;
    std::unordered_map<std::string, std::string> categories_;
    std::unordered_map<std::string, Image> images_;
    std::set<std::string> labelled_;
    std::set<std::pair<std::string, std::string>> said_;  // image or box, and label
    size_t annotations_ = 0, of_sequences_ = 0;
};

bool is_coco(const fs::path& root) {
    return is_json_with(root, {"annotations", "images"});
}

Manifest read_coco(const DataOptions& options) {
    return Reader(options.root, options).run();
}

}  // namespace

const ManifestFormat kCocoManifest = {.name = "coco",
                                      .help = "a JSON of COCO or COCO Camera Traps, with boxes if it has them",
                                      .is = "a COCO JSON",
                                      .to_set_aside =
                                          "set data.test_fraction, or name one JSON a split with data.train, "
                                          "data.val and data.test",
                                      .among_images = false,
                                      .recognises = is_coco,
                                      .read = read_coco,
                                      .read_rows = read_coco};

}  // namespace kaziranga::data
