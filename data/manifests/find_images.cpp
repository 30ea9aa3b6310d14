#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/text.hpp"
#include "data/formats/table.hpp"
#include "data/listing.hpp"
#include "data/manifests/boxes.hpp"
#include "data/manifests/groups.hpp"
#include "data/manifests/json_file.hpp"
#include "data/manifests/load.hpp"
#include "data/manifests/table_paths.hpp"
#include "data/manifests/text_table.hpp"
#include "data/wording.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <iterator>
#include <sstream>
#include <string_view>
#include <unordered_set>

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

namespace kaziranga::data {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kStandardInput = "-";

bool names_images(const fs::path& path) {
    return is_table_name(path) || is_json_name(path);
}

/// Texts that do not name images, but that somebody might give.
bool is_another_text(const fs::path& path) {
    constexpr std::array<std::string_view, 4> kExtensions = {".jsonl", ".yaml", ".yml", ".xlsx"};
    return std::ranges::count(kExtensions, core::lower(path.extension().string())) > 0;
}

/// Reads standard input to its end; an interrupt ends the wait.
std::string text_of_standard_input() {
    constexpr int kBetweenLooks = 100;  // milliseconds
    constexpr size_t kPiece = 1 << 16;
    std::string text, piece(kPiece, '\0');
    while (true) {
        core::throw_if_interrupted();
        pollfd input{.fd = STDIN_FILENO, .events = POLLIN};
        const int ready = ::poll(&input, 1, kBetweenLooks);
        if (ready == 0 || (ready < 0 && errno == EINTR)) continue;
        const ssize_t count = ::read(STDIN_FILENO, piece.data(), piece.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return text;
        text.append(piece, 0, static_cast<size_t>(count));
    }
}

/// Names on standard input, one a line, or each ended by a zero byte (find -print0).
std::vector<std::string> names_on_standard_input() {
    const std::string text = text_of_standard_input();
    const bool zeros = text.find('\0') != std::string::npos;
    std::vector<std::string> names;
    std::istringstream in(text);
    for (std::string name; std::getline(in, name, zeros ? '\0' : '\n');) {
        if (!zeros && name.ends_with('\r')) name.pop_back();
        if (!name.empty()) names.push_back(name);
    }
    if (names.empty())
        throw core::Error({.what = "standard input names no image", .where = std::string(kStandardInput)});
    return names;
}

core::Error none_is_there(const fs::path& file, const std::vector<std::string>& missing, const TablePaths& paths) {
    const std::string remedy = paths.moved_remedy(missing);
    return core::Error({.what = fmt::format("none of the {} is there", counted(missing.size(), "image")),
                        .where = file.string(),
                        .found = missing.front(),
                        .remedy = !remedy.empty() ? remedy
                                                  : "paths are relative to the file's folder, or to data.base; "
                                                    "data.moved replaces the start of others"});
}

/// The images and boxes that a table or a detector's JSON names.
/// @param by_path  images are named by their paths, as names relative to several files could be the same
FoundImages images_named_in(const fs::path& file, const DataOptions& options, bool by_path) {
    const fs::path folder = file.parent_path();
    const TablePaths paths(folder, options);
    FoundImages found;
    std::vector<std::string> missing, others;
    std::vector<core::Problem> refused;
    const std::vector<DetectedImage> entries = read_detections(file, options.columns, TableOf::kImages);
    for (const DetectedImage& entry : entries) {
        const fs::path image = paths.present_file_of(entry.path);
        std::error_code code;
        const bool is_there = fs::exists(image, code);
        if (!formats::is_image_name(image.string())) {
            others.push_back(entry.path);
        } else if (is_there && !paths.may_name(image)) {
            refused.push_back({.what = "the path leads out of the file's folder",
                               .where = file.string(),
                               .found = entry.path,
                               .remedy = TablePaths::kOutsideRemedy});
        } else {
            if (!is_there) missing.push_back(entry.path);
            found.samples.push_back({.path = image,
                                     .name = by_path ? image.string() : paths.name_of(image),
                                     .time = entry.time,
                                     .facts = std::make_shared<const ImageFacts>(entry.facts)});
        }
    }
    throw_if_any(std::move(refused));
    if (!missing.empty() && missing.size() == found.samples.size()) throw none_is_there(file, missing, paths);
    if (!others.empty()) found.warnings.push_back(no_images_by_name(others, file));
    if (std::ranges::any_of(entries, [](const DetectedImage& entry) { return entry.facts.examined; }))
        add_boxes_of(file, entries, options, {folder}, {&found.samples}, found.warnings);
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
            std::ranges::move(names_on_standard_input(), std::back_inserter(named));
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
    throw_if_any(std::move(problems));

    FoundImages all;
    for (const std::string& path : named) {
        std::error_code code;
        append(names_images(path) && !fs::is_directory(path, code) ? images_named_in(path, options, named.size() > 1)
                                                                   : list_images(path),
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
    set_groups(options, {&all.samples}, all.warnings);
    std::unordered_set<std::string> taken;
    std::erase_if(all.samples, [&](const Sample& sample) {
        std::string key = fs::absolute(sample.path).lexically_normal().string();
        if (sample.box) key = name_of_box(key, *sample.box);
        return !taken.insert(key).second;
    });
    return all;
}

}  // namespace kaziranga::data
