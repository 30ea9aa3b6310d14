#include "core/error.hpp"
#include "core/text.hpp"
#include "data/formats/table.hpp"
#include "data/listing.hpp"
#include "data/manifests/boxes.hpp"
#include "data/manifests/detections.hpp"
#include "data/manifests/load.hpp"
#include "data/manifests/table_paths.hpp"
#include "data/wording.hpp"

#include <algorithm>
#include <array>
#include <iostream>
#include <iterator>
#include <string_view>
#include <unordered_set>

#include <fmt/format.h>

namespace kaziranga::data {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kStandardInput = "-";

bool has_extension(const fs::path& path, const std::vector<std::string_view>& extensions) {
    return std::ranges::count(extensions, core::lower(path.extension().string())) > 0;
}

bool names_images(const fs::path& path) {
    return has_extension(path, {".csv", ".tsv", ".txt", ".json"});
}

/// Texts that do not name images, but that somebody might give.
bool is_another_text(const fs::path& path) {
    return has_extension(path, {".jsonl", ".yaml", ".yml", ".xlsx"});
}

std::vector<std::string> lines_of_standard_input() {
    std::vector<std::string> lines;
    for (std::string line; std::getline(std::cin, line);) {
        if (line.ends_with('\r')) line.pop_back();
        if (!line.empty()) lines.push_back(line);
    }
    if (lines.empty())
        throw core::Error({.what = "standard input names no image", .where = std::string(kStandardInput)});
    return lines;
}

core::Error none_is_there(const fs::path& file, const std::vector<std::string>& missing, const TablePaths& paths) {
    const auto from = paths.moved_from(missing);
    return core::Error({.what = fmt::format("none of the {} is there", counted(missing.size(), "image")),
                        .where = file.string(),
                        .found = missing.front(),
                        .remedy = from ? fmt::format("images with the same names are below {0}; set "
                                                     "data.moved='{{\"{1}\": \"{0}\"}}'",
                                                     paths.base().string(), *from)
                                       : "paths are relative to the file's folder, or to data.base; data.moved "
                                         "replaces the start of others"});
}

/// The images and boxes that a table or a detector's JSON names.
FoundImages images_named_in(const fs::path& file, const DataOptions& options) {
    const fs::path folder = file.parent_path();
    const TablePaths paths(folder, options);
    FoundImages found;
    std::vector<std::string> missing, others;
    std::vector<core::Problem> refused;
    bool examined = false;
    for (const DetectedImage& entry : read_detections(file, options.columns, TableOf::kImages)) {
        const fs::path image = paths.file_of(entry.path);
        std::error_code code;
        if (!formats::is_image_name(image.string())) {
            others.push_back(entry.path);
        } else if (fs::exists(image, code) && !paths.may_name(image)) {
            refused.push_back({.what = "the path leads out of the file's folder",
                               .where = file.string(),
                               .found = entry.path,
                               .remedy = "if you trust the file, name the images' folder with data.base or data.moved, "
                                         "or set data.paths=anywhere"});
        } else {
            if (!fs::exists(image, code)) missing.push_back(entry.path);
            found.samples.push_back({.path = image, .name = paths.name_of(image)});
            examined = examined || entry.examined;
        }
    }
    if (!refused.empty()) {
        cap(refused);
        throw core::Error(std::move(refused));
    }
    if (!missing.empty() && missing.size() == found.samples.size()) throw none_is_there(file, missing, paths);
    if (!others.empty()) found.warnings.push_back(no_images_by_name(others, file));
    if (!examined) return found;
    DataOptions boxes = options;
    boxes.detections = file.string();
    add_boxes(boxes, {folder}, {&found.samples}, found.warnings);
    return found;
}

void append(FoundImages more, FoundImages& all) {
    std::ranges::move(more.samples, std::back_inserter(all.samples));
    std::ranges::move(more.warnings, std::back_inserter(all.warnings));
}

}  // namespace

FoundImages find_images(const std::vector<std::string>& inputs, const DataOptions& options) {
    std::vector<std::string> named;
    for (const std::string& input : inputs) {
        if (input == kStandardInput) {
            std::ranges::move(lines_of_standard_input(), std::back_inserter(named));
        } else {
            named.push_back(input);
        }
    }
    std::vector<core::Problem> problems;
    for (const std::string& path : named) {
        std::error_code code;
        if (!fs::exists(path, code)) {
            problems.push_back({.what = "no such file or folder",
                                .where = path,
                                .expected = "an image, a folder of images, or a table or JSON that names images",
                                .found = code ? code.message() : std::string()});
        } else if (is_another_text(path) && !fs::is_directory(path, code)) {
            problems.push_back({.what = "a text, not an image",
                                .where = path,
                                .expected = "images, folders of images, or a table (.csv) or JSON that names images"});
        }
    }
    if (!problems.empty()) {
        cap(problems);
        throw core::Error(std::move(problems));
    }

    FoundImages all;
    for (const std::string& path : named) {
        std::error_code code;
        append(names_images(path) && !fs::is_directory(path, code) ? images_named_in(path, options) : list_images(path),
               all);
    }
    if (all.samples.empty()) {
        throw core::Error({.what = "there is no image",
                           .where = named.empty() ? std::string() : named.front(),
                           .expected = "files that end in " + formats::extension_list(),
                           .found = named.empty() ? "no path at all" : "none in " + some_of(named)});
    }
    std::vector<fs::path> folders = {fs::path(options.detections).parent_path()};
    for (const std::string& path : named) {
        std::error_code code;
        if (fs::is_directory(path, code)) folders.emplace_back(path);
    }
    add_boxes(options, folders, {&all.samples}, all.warnings);
    std::unordered_set<std::string> taken;
    std::erase_if(all.samples, [&](const Sample& sample) {
        std::string key = fs::absolute(sample.path).lexically_normal().string();
        if (sample.box) key = name_of_box(key, *sample.box);
        return !taken.insert(key).second;
    });
    return all;
}

}  // namespace kaziranga::data
