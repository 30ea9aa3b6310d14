#include "core/text.hpp"
#include "data/formats/table.hpp"
#include "data/listing.hpp"
#include "data/manifests/class_folders.hpp"
#include "data/manifests/evaluated.hpp"
#include "data/manifests/split_words.hpp"
#include "data/manifests/table.hpp"
#include "data/wording.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace kaziranga::data {
namespace {

namespace fs = std::filesystem;

bool holds_folders(const fs::path& folder) {
    return !list_entries(folder).folders.empty();
}

/// A folder that contains class folders, or splits with class folders.
class Root {
  public:
    explicit Root(fs::path path) : path_(std::move(path)) {
        std::error_code code;
        if (!fs::is_directory(path_, code)) {
            const bool csv = core::lower(path_.extension().string()) == ".csv";
            throw core::Error({.what = "not a folder of labelled images",
                               .where = path_.string(),
                               .expected = "a folder",
                               .found = code ? code.message() : "a file",
                               .remedy = csv ? "for a CSV manifest set data.format=csv" : ""});
        }
        folders_ = list_entries(path_).folders;
        for (const std::string& name : folders_) {
            const std::optional<Split> split = split_of_word(name);
            if (!split || !holds_folders(path_ / name)) continue;
            const auto [first, is_new] = splits_.emplace(*split, name);
            if (!is_new) refuse_two(*split, first->second, name);
        }
    }

    const fs::path& path() const { return path_; }
    const std::vector<std::string>& folders() const { return folders_; }
    /// The folders of splits.
    const std::map<Split, std::string>& splits() const { return splits_; }
    bool has_train() const { return splits_.contains(Split::kTrain); }

    /// Refuses splits without train/, and splits one folder too deep. Otherwise these folders would be used as classes
    /// without an error.
    void refuse_lookalikes() const {
        if (has_train() || folders_.empty()) return;
        const bool only_splits =
            std::ranges::all_of(folders_, [](const std::string& name) { return split_of_word(name).has_value(); });
        const std::string misspelt = core::nearest_name("train", folders_, core::Near::kSpelling);
        if (splits_.size() >= 2 || (!splits_.empty() && (only_splits || !misspelt.empty()))) {
            std::vector<std::string> found;
            for (const auto& [split, name] : splits_) found.push_back(name);
            throw core::Error({.what = "there are splits, but train/ is missing or holds no class folder",
                               .where = path_.string(),
                               .expected = "train/<class>/<image> beside them, or class folders alone",
                               .found = some_of(found),
                               .remedy = misspelt.empty()
                                             ? "add train/, or point data.root at a folder of class folders"
                                             : "is '" + misspelt + "' meant? Then rename it to train"});
        }
        if (folders_.size() == 1) refuse_wrapper(path_ / folders_.front());
    }

  private:
    void refuse_two(Split split, const std::string& one, const std::string& other) const {
        const std::string word = split == Split::kTrain ? "training" : split == Split::kVal ? "validation" : "test";
        throw core::Error({.what = "more than one " + word + " split",
                           .where = path_.string(),
                           .expected = "one of them",
                           .found = some_of({one, other}),
                           .remedy = "keep one, or move their images together"});
    }

    static void refuse_wrapper(const fs::path& inner) {
        for (const std::string& name : list_entries(inner).folders) {
            if (split_of_word(name) != Split::kTrain || !holds_folders(inner / name)) continue;
            throw core::Error({.what = "the splits lie one folder deeper",
                               .where = inner.parent_path().string(),
                               .expected = "train/ or class folders",
                               .found = "'" + inner.filename().string() + "/" + name + "'",
                               .remedy = "set data.root=" + inner.string()});
        }
    }

    fs::path path_;
    std::vector<std::string> folders_;
    std::map<Split, std::string> splits_;
};

void warn_of_folders_beside_splits(const Root& root, ClassFolders& folders) {
    for (const std::string& name : root.folders()) {
        const std::optional<Split> split = split_of_word(name);
        if (split && root.splits().contains(*split) && root.splits().at(*split) == name) continue;
        if (split) {
            folders.pass_over(name, "a split without class folders was passed over", "expected <class>/<image> in it");
        } else {
            folders.pass_over(name, "a folder beside train/ was passed over", core::did_you_mean(name, split_words()));
        }
    }
}

core::Error no_image(const fs::path& root, const std::string& found) {
    return core::Error({.what = "no class folder holds an image",
                        .where = root.string(),
                        .expected = "<class>/<image>, the images ending in " + formats::extension_list(),
                        .found = found,
                        .remedy = "put each class's images into a folder of its name"});
}

/// Returns the split that evaluation reads; empty for the root itself. A folder named like a class is not a split.
std::string evaluated_split(const Root& root, const std::vector<std::string>& classes) {
    for (const Split split : {Split::kTest, Split::kVal, Split::kTrain}) {
        const auto found = root.splits().find(split);
        if (found != root.splits().end() && std::ranges::count(classes, found->second) == 0) return found->second;
    }
    return {};
}

bool is_folder(const fs::path& root) {
    std::error_code code;
    return fs::is_directory(root, code);
}

Manifest read_folder(const DataOptions& options) {
    const Root root(options.root);
    root.refuse_lookalikes();
    ClassFolders folders(root.path(), options);
    Manifest manifest;
    manifest.root = root.path();
    if (root.has_train()) {
        for (const auto& [split, name] : root.splits()) {
            Samples& samples = split == Split::kTrain ? manifest.train
                               : split == Split::kVal ? manifest.val
                                                      : manifest.test;
            samples = folders.read(name);
        }
        warn_of_folders_beside_splits(root, folders);
    } else {
        manifest.unsplit = folders.read("");
    }
    manifest.classes = folders.classes();
    manifest.read_as = folders.read_as();
    manifest.warnings = folders.take_warnings();
    if (manifest.classes.empty()) {
        std::vector<std::string> lines;
        for (const core::Problem& warning : manifest.warnings) lines.push_back(core::to_line(warning));
        throw no_image(root.path(), lines.empty() ? "nothing" : lines.front());
    }
    return manifest;
}

}  // namespace

const ManifestFormat kFolderManifest = {.name = "folder",
                                        .help = "train/, val/ and test/ of <class>/<image>, or class folders alone",
                                        .is = "a folder of images",
                                        .to_set_aside = "make a folder test/ beside train/, or set data.val_fraction",
                                        .recognises = is_folder,
                                        .read = read_folder};

Manifest read_evaluated_folder(const DataOptions& options, const std::vector<std::string>& classes) {
    const Root root(options.root);
    const std::string split = evaluated_split(root, classes);
    ClassFolders folders(root.path(), options, classes);
    Manifest manifest{.root = root.path(), .evaluated = split};
    manifest.unsplit = folders.read(split);
    manifest.classes = folders.classes();
    manifest.warnings = folders.take_warnings();
    if (manifest.unsplit.empty()) throw no_image(root.path() / split, "none");
    return manifest;
}

}  // namespace kaziranga::data
