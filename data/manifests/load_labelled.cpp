#include "core/config/words.hpp"
#include "core/error.hpp"
#include "core/text.hpp"
#include "core/utf8.hpp"
#include "data/formats/table.hpp"
#include "data/listing.hpp"
#include "data/manifests/boxes.hpp"
#include "data/manifests/evaluated.hpp"
#include "data/manifests/load.hpp"
#include "data/manifests/table.hpp"
#include "data/split.hpp"
#include "data/wording.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <tuple>

namespace kaziranga::data {
namespace {

namespace fs = std::filesystem;

std::vector<core::Problem> unknown_classes(const fs::path& root, const std::map<std::string, size_t>& unknown,
                                           const std::vector<std::string>& classes) {
    std::vector<core::Problem> problems;
    for (const auto& [name, images] : unknown) {
        problems.push_back({.what = "'" + name + "' (" + counted(images, "image") + ") is none of the " +
                                    counted(classes.size(), "class"),
                            .where = root.string(),
                            .remedy = core::did_you_mean(name, classes)});
    }
    cap(problems);
    problems.push_back({.what = counted(unknown.size(), "class") + " that the model does not know",
                        .where = root.string(),
                        .remedy = "give them the model's names, or leave them out with --unknown-classes skip"});
    return problems;
}

Samples& split_of(Manifest& manifest, Split split) {
    return split == Split::kTrain ? manifest.train : split == Split::kVal ? manifest.val : manifest.test;
}

/// Reads all rows of a table, and of other layouts the images of test/, else of val/, else all without a split, else
/// those of train/.
Manifest read_evaluated(const ManifestFormat& format, const DataOptions& options,
                        const std::vector<std::string>& classes) {
    if (format.read_rows != nullptr) return format.read_rows(options);
    if (&format == &kFolderManifest) return read_evaluated_folder(options, classes);
    Manifest manifest = format.read(options);
    for (const Split split : {Split::kTest, Split::kVal, Split::kTrain}) {
        if (split == Split::kTrain && !manifest.unsplit.empty()) break;
        if (split_of(manifest, split).empty()) continue;
        manifest.evaluated = core::config::word_of(split);
        manifest.unsplit = std::move(split_of(manifest, split));
        break;
    }
    manifest.train = manifest.val = manifest.test = {};
    return manifest;
}

}  // namespace

LabelledImages load_labelled(const fs::path& path, const std::vector<std::string>& classes, UnknownClasses policy,
                             const DataOptions& options) {
    std::error_code code;
    if (formats::is_image_name(path.string()) && fs::is_regular_file(path, code)) {
        throw core::Error({.what = "an image, where labelled images are expected",
                           .where = path.string(),
                           .expected = "a folder of class folders, or a CSV path,label",
                           .remedy = "kaziranga predict RUN " + path.string() + " says what one image shows"});
    }
    DataOptions place = options;
    place.root = path.string();
    const ManifestFormat& format = format_of(place, path);
    Manifest manifest = read_evaluated(format, place, classes);
    require_all_there(manifest);
    add_boxes(options, {manifest.root, fs::path(options.detections).parent_path()},
              {&manifest.train, &manifest.val, &manifest.test, &manifest.unsplit}, manifest.warnings);
    LabelledImages images{.split = manifest.evaluated, .warnings = std::move(manifest.warnings)};
    std::map<std::string, int64_t> index;
    for (size_t i = 0; i < classes.size(); ++i) {
        index.emplace(core::composed(classes[i]), static_cast<int64_t>(i));
    }
    for (Samples* split : {&manifest.train, &manifest.val, &manifest.test, &manifest.unsplit}) {
        for (Sample& sample : *split) {
            const std::string& name = manifest.classes[static_cast<size_t>(sample.label)];
            const auto known = index.find(name);
            if (known == index.end()) {
                ++images.unknown[name];
                continue;
            }
            sample.label = known->second;
            images.samples.push_back(std::move(sample));
        }
    }
    if (!images.unknown.empty() && policy == UnknownClasses::kError) {
        throw core::Error(unknown_classes(path, images.unknown, classes));
    }
    if (images.samples.empty()) {
        throw core::Error(
            {.what = "no image of a class that the model knows", .where = path.string(), .expected = some_of(classes)});
    }
    std::ranges::sort(images.samples, [](const Sample& a, const Sample& b) {
        return std::tie(a.label, a.name) < std::tie(b.label, b.name);
    });
    return images;
}

}  // namespace kaziranga::data
