#include "core/error.hpp"
#include "core/files.hpp"
#include "data/formats/probe.hpp"
#include "data/manifests/box_values.hpp"
#include "data/manifests/rows.hpp"
#include "data/manifests/table.hpp"

#include <array>
#include <optional>
#include <sstream>
#include <string>
#include <unordered_map>
#include <vector>

namespace kaziranga::data {
namespace {

namespace fs = std::filesystem;

/// A line of one of the dataset's lists: an id and what belongs to it.
struct Line {
    int64_t number = 0;
    std::string id, rest;
};

std::vector<Line> read_list(const fs::path& file) {
    std::istringstream in(core::read_file(file));
    std::vector<Line> lines;
    int64_t number = 0;
    for (std::string text; std::getline(in, text);) {
        ++number;
        if (text.ends_with('\r')) text.pop_back();
        if (text.empty()) continue;
        const size_t space = text.find(' ');
        if (space == std::string::npos) {
            throw core::Error({.what = "a line without two parts",
                               .where = file.string() + ":" + std::to_string(number),
                               .expected = "an id, a space, and what belongs to it",
                               .found = "'" + text + "'"});
        }
        lines.push_back({number, text.substr(0, space), text.substr(space + 1)});
    }
    return lines;
}

std::unordered_map<std::string, std::string> read_map(const fs::path& file) {
    std::unordered_map<std::string, std::string> map;
    for (Line& line : read_list(file)) map.emplace(std::move(line.id), std::move(line.rest));
    return map;
}

/// The file of a list that may be missing.
std::unordered_map<std::string, std::string> read_map_if_there(const fs::path& file) {
    std::error_code code;
    return fs::exists(file, code) ? read_map(file) : std::unordered_map<std::string, std::string>{};
}

/// A box in pixels, "60.0 27.0 325.0 304.0", as shares of the image's sides.
/// None if the image cannot be read either: whoever inspects it says so.
std::optional<RelativeBox> box_in(const std::string& pixels, const std::optional<fs::path>& image, int64_t max_pixels,
                                  std::vector<core::Problem>& problems) {
    std::istringstream in(pixels);
    std::array<float, 4> sides{};
    for (float& side : sides) in >> side;
    if (!in) {
        problems.push_back({.what = "a box that is not four numbers", .found = "'" + pixels + "'"});
        return std::nullopt;
    }
    if (!image) return std::nullopt;
    formats::Structure size;
    try {
        const std::string bytes = core::read_file(*image, longest_image_file(max_pixels));
        size = probe_image(bytes, *image, max_pixels).structure;
    } catch (const core::Error&) {
        return std::nullopt;
    }
    return checked_pixel_box(sides, static_cast<float>(size.width), static_cast<float>(size.height), problems);
}

/// CUB-200-2011 as it unpacks (vision.caltech.edu/datasets/cub_200_2011): lists of ids with paths, classes, splits and
/// boxes. Its split has training and test images.
Manifest read_cub(const DataOptions& options) {
    const fs::path root = options.root;
    DataOptions here = options;
    if (here.base.empty()) here.base = (root / "images").string();
    ManifestBuilder builder(root / "images.txt", here);
    const auto classes = read_map(root / "classes.txt");
    const auto class_of = read_map(root / "image_class_labels.txt");
    const auto trains = read_map_if_there(root / "train_test_split.txt");
    const auto boxes = read_map_if_there(root / "bounding_boxes.txt");
    const auto value = [](const auto& map, const std::string& key) {
        const auto found = map.find(key);
        return found == map.end() ? std::string() : found->second;
    };
    for (const Line& line : read_list(root / "images.txt")) {
        std::vector<core::Problem> problems;
        const std::string box = value(boxes, line.id), train = value(trains, line.id);
        const auto relative =
            box.empty() ? std::nullopt : box_in(box, builder.usable_file(line.rest), here.max_pixels, problems);
        if (!problems.empty()) {
            builder.add_problems(line.number, std::move(problems));
            continue;
        }
        builder.add({.line = line.number,
                     .path = line.rest,
                     .label = value(classes, value(class_of, line.id)),
                     .split = train.empty()  ? ""
                              : train == "1" ? "train"
                                             : "test",
                     .box = relative});
    }
    Manifest manifest = builder.finish(/*splits=*/true);
    manifest.read_as = std::string("CUB-200-2011") + (boxes.empty() ? "" : ", its boxes") +
                       (trains.empty() ? "" : ", its split into training and test images");
    return manifest;
}

bool is_cub(const fs::path& root) {
    std::error_code code;
    return fs::is_directory(root / "images", code) && fs::is_regular_file(root / "images.txt", code) &&
           fs::is_regular_file(root / "image_class_labels.txt", code) &&
           fs::is_regular_file(root / "classes.txt", code);
}

}  // namespace

const ManifestFormat kCubManifest = {.name = "cub",
                                     .help = "CUB-200-2011 as it unpacks, with its boxes and split",
                                     .is = "the folder of CUB-200-2011",
                                     .to_set_aside = "set data.val_fraction",
                                     .recognises = is_cub,
                                     .read = read_cub};

}  // namespace kaziranga::data
