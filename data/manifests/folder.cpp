#include "core/text.hpp"
#include "data/formats/table.hpp"
#include "data/listing.hpp"
#include "data/manifests/evaluated.hpp"
#include "data/manifests/table.hpp"
#include "data/wording.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace kaziranga::data {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> kSplitNames = {"train", "val", "valid", "validation", "test"};
const std::vector<std::string> kValNames = {"val", "valid", "validation"};

bool contains(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

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
        entries_ = list_entries(path_);
        for (const std::string& name : entries_.folders) {
            if (contains(kSplitNames, name) && holds_folders(path_ / name)) splits_.push_back(name);
        }
        refuse_two_validations();
    }

    const fs::path& path() const { return path_; }
    const Entries& entries() const { return entries_; }
    bool has_split(const std::string& name) const { return contains(splits_, name); }

    /// Returns the name of the validation split, if it exists: val, valid or validation.
    std::optional<std::string> validation() const {
        for (const std::string& name : kValNames) {
            if (has_split(name)) return name;
        }
        return std::nullopt;
    }

    /// Refuses splits without train/, split names in another case, and data unpacked one folder too deep. Otherwise
    /// these folders would be used as classes without an error.
    void refuse_lookalikes() const {
        if (has_split("train") || entries_.folders.empty()) return;
        const auto& folders = entries_.folders;
        const bool only_splits = std::all_of(folders.begin(), folders.end(), [](const std::string& name) {
            return contains(kSplitNames, core::lower(name));
        });
        if (only_splits) refuse_other_case();
        const std::string misspelt = core::nearest_name("train", folders, core::Near::kSpelling);
        if (splits_.size() >= 2 || (only_splits && !splits_.empty()) || (!splits_.empty() && !misspelt.empty())) {
            throw core::Error({.what = "there are splits, but train/ is missing or holds no class folder",
                               .where = path_.string(),
                               .expected = "train/<class>/<image> beside them, or class folders alone",
                               .found = some_of(splits_),
                               .remedy = misspelt.empty()
                                             ? "add train/, or point data.root at a folder of class folders"
                                             : "is '" + misspelt + "' meant? Then rename it to train"});
        }
        if (folders.size() == 1) refuse_wrapper(path_ / folders.front());
    }

  private:
    void refuse_two_validations() const {
        std::vector<std::string> found;
        for (const std::string& name : splits_) {
            if (contains(kValNames, name)) found.push_back(name);
        }
        if (found.size() < 2) return;
        throw core::Error({.what = "more than one validation split",
                           .where = path_.string(),
                           .expected = "one of val/, valid/ and validation/",
                           .found = some_of(found),
                           .remedy = "keep one, or move their images together"});
    }

    void refuse_other_case() const {
        for (const std::string& name : entries_.folders) {
            if (contains(kSplitNames, name) || !holds_folders(path_ / name)) continue;
            throw core::Error({.what = "the names of splits are in lower case",
                               .where = (path_ / name).string(),
                               .expected = "'" + core::lower(name) + "'",
                               .found = "'" + name + "'",
                               .remedy = "rename the folder"});
        }
    }

    static void refuse_wrapper(const fs::path& inner) {
        std::error_code code;
        if (!fs::is_directory(inner / "train", code) || !holds_folders(inner / "train")) return;
        throw core::Error({.what = "the splits lie one folder deeper",
                           .where = inner.parent_path().string(),
                           .expected = "train/ or class folders",
                           .found = "'" + inner.filename().string() + "/train'",
                           .remedy = "set data.root=" + inner.string()});
    }

    fs::path path_;
    Entries entries_;
    std::vector<std::string> splits_;
};

/// Reads class folders, and collects warnings about them.
class ClassFolders {
  public:
    explicit ClassFolders(fs::path root) : root_(std::move(root)) {}

    /// @param below  the folder of class folders as a path relative to the root; empty for the root itself
    Samples read(const std::string& below, const Entries& entries) {
        const std::string prefix = below.empty() ? "" : below + "/";
        for (const std::string& name : entries.files) {
            (formats::is_image_name(name) ? unlabelled_ : others_).push_back(prefix + name);
        }
        for (const std::string& name : entries.litter) litter_.push_back(prefix + name);
        Samples samples;
        for (const std::string& name : entries.folders) {
            const fs::path folder = root_ / prefix / name;
            if (fs::is_symlink(folder) && holds(folder, root_ / prefix)) {
                repeated_.push_back(prefix + name);
            } else {
                read_class(name, prefix + name, samples);
            }
        }
        return samples;
    }
    Samples read(const std::string& below) { return read(below, list_entries(root_ / below)); }

    /// Class names by index, in the order of their first image. Each class has an image.
    const std::vector<std::string>& classes() const { return classes_; }

    void pass_over(const std::string& name, const std::string& why, const std::string& remedy) {
        warn(why, (root_ / name).string(), {}, remedy);
    }

    std::vector<core::Problem> take_warnings() {
        for (std::string& name : repeated_) {
            warn("a link to a folder that is listed already, or that holds the link, was passed over",
                 (root_ / name).string(), {}, {});
        }
        cap(warnings_);
        if (!nested_.empty()) {
            warn(counted(nested_.size(), "class") +
                     " with no image of its own, only folders of them: are those the classes?",
                 root_.string(), some_of(nested_) + ", the first with " + some_of(inner_),
                 "if they are, put the images of each into one folder a class");
        }
        if (!litter_.empty()) {
            warn(counted(litter_.size(), "folder") + " passed over that a system or a drive keeps for itself",
                 root_.string(), some_of(litter_), {});
        }
        if (!unlabelled_.empty()) {
            warn(counted(unlabelled_.size(), "image") + " outside any class folder passed over", root_.string(),
                 some_of(unlabelled_), "put them into the folder of their class");
        }
        if (!others_.empty()) {
            warnings_.push_back(no_images_by_name(others_, root_));
        }
        return std::move(warnings_);
    }

  private:
    void read_class(const std::string& name, const std::string& below, Samples& samples) {
        Listing found = list_below(root_ / below);
        for (std::string& link : found.repeated) repeated_.push_back(below + "/" + link);
        for (const std::string& folder : found.litter) litter_.push_back(below + "/" + folder);
        for (std::string& other : found.others) others_.push_back(below + "/" + other);
        if (found.images.empty()) {
            warn("class folder without an image", (root_ / below).string(), some_of(found.others),
                 "take it out, or put images into it");
            return;
        }
        note_nesting(below, found.images);
        const auto [entry, is_new] = index_.try_emplace(name, static_cast<int64_t>(classes_.size()));
        if (is_new) classes_.push_back(name);
        for (const std::string& image : found.images) {
            const std::string full = below + "/" + image;
            samples.push_back({root_ / full, full, entry->second});
        }
    }

    /// Records class folders that contain only folders: they may be sites or years, and their folders the classes.
    void note_nesting(const std::string& below, const std::vector<std::string>& images) {
        std::set<std::string> folders;
        for (const std::string& image : images) {
            const size_t slash = image.find('/');
            if (slash == std::string::npos) return;
            folders.insert(image.substr(0, slash));
        }
        if (folders.size() < 2) return;
        if (nested_.empty()) inner_.assign(folders.begin(), folders.end());
        nested_.push_back(below);
    }

    void warn(std::string what, std::string where, std::string found, std::string remedy) {
        warnings_.push_back({.what = std::move(what),
                             .where = std::move(where),
                             .found = std::move(found),
                             .remedy = std::move(remedy)});
    }

    fs::path root_;
    std::vector<std::string> classes_;
    std::map<std::string, int64_t> index_;
    std::vector<std::string> others_, unlabelled_, repeated_, litter_;
    std::vector<std::string> nested_;  ///< class folders that contain only folders
    std::vector<std::string> inner_;   ///< the folders of the first of them
    std::vector<core::Problem> warnings_;
};

void warn_of_folders_beside_splits(const Root& root, ClassFolders& folders) {
    for (const std::string& name : root.entries().folders) {
        if (root.has_split(name)) continue;
        if (contains(kSplitNames, name)) {
            folders.pass_over(name, "a split without class folders was passed over", "expected <class>/<image> in it");
        } else {
            folders.pass_over(name, "a folder beside train/ was passed over", core::did_you_mean(name, kSplitNames));
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
    for (const std::optional<std::string>& name :
         {std::optional<std::string>("test"), root.validation(), std::optional<std::string>("train")}) {
        if (name && root.has_split(*name) && !contains(classes, *name)) return *name;
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
    ClassFolders folders(root.path());
    Manifest manifest;
    manifest.root = root.path();
    if (root.has_split("train")) {
        manifest.train = folders.read("train");
        if (root.validation()) manifest.val = folders.read(*root.validation());
        if (root.has_split("test")) manifest.test = folders.read("test");
        warn_of_folders_beside_splits(root, folders);
    } else {
        manifest.unsplit = folders.read("", root.entries());
    }
    manifest.classes = folders.classes();
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

Manifest read_evaluated_folder(const fs::path& folder, const std::vector<std::string>& classes) {
    const Root root(folder);
    const std::string split = evaluated_split(root, classes);
    ClassFolders folders(root.path());
    Manifest manifest{.root = root.path(), .evaluated = split};
    manifest.unsplit = folders.read(split);
    manifest.classes = folders.classes();
    if (manifest.unsplit.empty()) throw no_image(root.path() / split, "none");
    return manifest;
}

}  // namespace kaziranga::data
