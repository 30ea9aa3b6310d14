#include "data/manifests/load.hpp"

#include "core/text.hpp"
#include "data/manifests/boxes.hpp"
#include "data/manifests/groups.hpp"
#include "data/manifests/json_file.hpp"
#include "data/manifests/spelling.hpp"
#include "data/manifests/table.hpp"
#include "data/wording.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include <nlohmann/json.hpp>

namespace kaziranga::data {
namespace {

namespace fs = std::filesystem;

void warn_of_spellings(Manifest& manifest) {
    std::vector<size_t> images(manifest.classes.size());
    for (const Samples* split : {&manifest.train, &manifest.val, &manifest.test, &manifest.unsplit}) {
        for (const Sample& sample : *split) ++images[static_cast<size_t>(sample.label)];
    }
    std::map<std::string, std::map<std::string, size_t>> spellings;
    for (size_t i = 0; i < manifest.classes.size(); ++i) {
        spellings[spelling_key(manifest.classes[i])][manifest.classes[i]] = images[i];
    }
    for (const auto& [key, names] : spellings) {
        if (names.size() < 2) continue;
        std::vector<std::string> found;
        for (const auto& [name, count] : names) found.push_back("'" + name + "' (" + counted(count, "image") + ")");
        manifest.warnings.push_back({.what = "one class under two spellings?",
                                     .where = manifest.root.string(),
                                     .found = core::join(found, " and "),
                                     .remedy = "give them one name if they are one class"});
    }
}

Manifest read_place(DataOptions options, const std::string& place, const std::string& key) {
    const ManifestFormat& format = format_of(options, place);
    std::error_code code;
    if (place.empty() || !fs::exists(place, code)) {
        throw core::Error({.what = place.empty() ? "no data is named" : "the data is not there",
                           .where = place.empty() ? key : place,
                           .expected = options.format == kAutoFormat ? "a folder of images or a table of them"
                                                                     : std::string(format.is),
                           .found = code            ? code.message()
                                    : place.empty() ? std::string()
                                                    : "nothing at " + fs::absolute(place).string(),
                           .remedy = "set " + key + " to where the labelled images are"});
    }
    if (&format == &kFolderManifest && options.format == kAutoFormat && fs::is_regular_file(place, code)) {
        if (is_json_name(place)) read_json(place);  // says where it is broken
        throw core::Error({.what = "a file of no kind that names labelled images",
                           .where = place,
                           .expected = "a folder, a table (.csv, .tsv, .txt), or a JSON of COCO or of answers",
                           .remedy = "set " + key + " to one of these, or data.format to what it is"});
    }
    options.root = place;
    return format.read(options);
}

/// The longest folder that holds two absolute, normalised folders.
fs::path common_folder(const fs::path& one, const fs::path& other) {
    fs::path common;
    const auto end = std::ranges::mismatch(one, other).in1;
    for (auto part = one.begin(); part != end; ++part) common /= *part;
    return common;
}

/// Reads train, val and test one by one. Names of images become relative to the folder that holds them all.
Manifest read_splits(const DataOptions& options) {
    struct Part {
        const char* key;
        const std::string& place;
        Samples Manifest::* split;
    };
    std::vector<std::pair<Part, Manifest>> read;
    fs::path root;
    for (const Part& part :
         {Part{"data.train", options.train, &Manifest::train}, Part{"data.val", options.val, &Manifest::val},
          Part{"data.test", options.test, &Manifest::test}}) {
        if (part.place.empty()) continue;
        Manifest& one = read.emplace_back(part, read_place(options, part.place, part.key)).second;
        one.root = fs::absolute(one.root).lexically_normal();
        root = root.empty() ? one.root : common_folder(root, one.root);
    }
    Manifest all{.root = root};
    std::map<std::string, int64_t> index;
    for (auto& [part, one] : read) {
        const fs::path within = one.root.lexically_relative(root);
        for (Samples* samples : {&one.train, &one.val, &one.test, &one.unsplit}) {
            for (Sample& sample : *samples) {
                const std::string& name = one.classes[static_cast<size_t>(sample.label)];
                const auto [label, is_new] = index.try_emplace(name, static_cast<int64_t>(all.classes.size()));
                if (is_new) all.classes.push_back(name);
                sample.label = label->second;
                sample.name = (within / sample.name).lexically_normal().generic_string();
                (all.*part.split).push_back(std::move(sample));
            }
        }
        std::ranges::move(one.warnings, std::back_inserter(all.warnings));
        std::ranges::move(one.missing, std::back_inserter(all.missing));
        if (all.read_as.empty()) all.read_as = one.read_as;
    }
    return all;
}

}  // namespace

Manifest read_manifest(const DataOptions& options) {
    Manifest manifest = options.train.empty() ? read_place(options, options.root, "data.root") : read_splits(options);
    warn_of_spellings(manifest);
    const std::vector<Samples*> lists = {&manifest.train, &manifest.val, &manifest.test, &manifest.unsplit};
    add_boxes(options, {manifest.root, fs::path(options.detections).parent_path()}, lists, manifest.warnings);
    set_groups(options, lists, manifest.warnings);
    return manifest;
}

Dataset load_dataset(const DataOptions& options, uint64_t seed) {
    return split_dataset(read_manifest(options), options, seed);
}

}  // namespace kaziranga::data
