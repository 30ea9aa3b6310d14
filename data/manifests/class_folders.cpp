#include "data/manifests/class_folders.hpp"

#include "core/text.hpp"
#include "core/utf8.hpp"
#include "data/formats/table.hpp"
#include "data/manifests/split_words.hpp"
#include "data/wording.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <memory>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace kaziranga::data {
namespace {

namespace fs = std::filesystem;

/// True for the names that cameras and sites are given: such a word, perhaps a letter, and a number ("Camera_A03").
bool looks_like_a_place(const std::string& name) {
    constexpr std::array<std::string_view, 10> kWords = {"camera", "cam",  "ct",       "site", "station",
                                                         "trap",   "plot", "location", "loc",  "deployment"};
    const std::string lower = core::lower(name);
    return std::ranges::any_of(kWords, [&](std::string_view word) {
        if (!lower.starts_with(word)) return false;
        size_t at = lower.find_first_not_of(" _-", word.size());
        if (at != std::string::npos && at + 1 < lower.size() && std::isalpha(static_cast<unsigned char>(lower[at]))) {
            at = lower.find_first_not_of(" _-", at + 1);
        }
        return at != std::string::npos && std::isdigit(static_cast<unsigned char>(lower[at]));
    });
}

/// A folder of this name among others may hold the class folders.
bool is_wrapper_name(const std::string& name) {
    return core::lower(name) == "images" || split_of_word(name);
}

/// The folder of an image, of a path with '/'; empty if there is none.
std::string last_folder(const std::string& path) {
    return fs::path(path).parent_path().filename().string();
}

}  // namespace

ClassFolders::ClassFolders(fs::path root, const DataOptions& options, std::vector<std::string> known)
    : root_(std::move(root)), level_(options.class_folder), known_(std::move(known)) {}

Samples ClassFolders::read(const std::string& below) {
    const std::string prefix = below.empty() ? "" : below + "/";
    const Entries entries = list_entries(root_ / below);
    if (const auto wrapper = wrapper_in(prefix, entries)) {
        read_as_ = fmt::format("class folders in '{}{}'", prefix, *wrapper);
        return read(prefix + *wrapper);
    }
    for (const std::string& name : entries.files) {
        (formats::is_image_name(name) ? unlabelled_ : others_).push_back(prefix + name);
    }
    for (const std::string& name : entries.litter) litter_.push_back(prefix + name);
    choose_level(entries.folders);
    warn_of_two_forms(entries.folders, below);
    Samples samples;
    for (const std::string& name : entries.folders) {
        const fs::path folder = root_ / prefix / name;
        if (fs::is_symlink(folder) && holds(folder, root_ / prefix)) {
            repeated_.push_back(prefix + name);
        } else {
            read_folder(name, prefix + name, samples);
        }
    }
    return samples;
}

void ClassFolders::pass_over(const std::string& name, const std::string& why, const std::string& remedy) {
    warn(why, (root_ / name).string(), {}, remedy);
}

std::vector<core::Problem> ClassFolders::take_warnings() {
    for (std::string& name : repeated_) {
        warn("a link to a folder that is listed already, or that holds the link, was passed over",
             (root_ / name).string(), {}, {});
    }
    cap(warnings_);
    if (!nested_.empty()) {
        warn(counted(nested_.size(), "class") +
                 " with no image of its own, only folders of them: are those the classes?",
             root_.string(), some_of(nested_) + ", the first with " + some_of(inner_),
             "if they are, set data.class_folder=last; if not, data.class_folder=first says so");
    }
    if (!litter_.empty()) {
        warn(counted(litter_.size(), "folder") + " passed over that a system or a drive keeps for itself",
             root_.string(), some_of(litter_), {});
    }
    if (!unlabelled_.empty()) {
        warn(counted(unlabelled_.size(), "image") + " outside any class folder passed over", root_.string(),
             some_of(unlabelled_), "put them into the folder of their class");
    }
    if (!others_.empty()) warnings_.push_back(no_images_by_name(others_, root_));
    return std::move(warnings_);
}

/// Returns the folder that holds the class folders, where they lie one folder deeper than they should: it is the only
/// folder, or the only one with images and named images or like a split. It is no class and no place, and has two
/// folders or more. Where it is known which folder names the class, only such names count.
std::optional<std::string> ClassFolders::wrapper_in(const std::string& prefix, const Entries& entries) const {
    const bool alone = entries.folders.size() == 1;
    const auto found = alone ? entries.folders.begin() : std::ranges::find_if(entries.folders, is_wrapper_name);
    if (found == entries.folders.end() || is_class(*found) || looks_like_a_place(*found)) return std::nullopt;
    if (level_ != ClassFolder::kAuto && !is_wrapper_name(*found)) return std::nullopt;
    const auto has_images = [](const std::string& name) { return formats::is_image_name(name); };
    const Entries inside = list_entries(root_ / (prefix + *found));
    if (inside.folders.size() < 2 || std::ranges::any_of(inside.files, has_images)) return std::nullopt;
    for (const std::string& other : entries.folders) {
        if (other != *found && !list_below(root_ / (prefix + other)).images.empty()) return std::nullopt;
    }
    return *found;
}

bool ClassFolders::is_class(const std::string& name) const {
    const std::string composed = core::composed(name);
    return index_.contains(composed) || std::ranges::count(known_, composed) > 0;
}

/// Decides which folder names the class, at the first folder of class folders that is read.
void ClassFolders::choose_level(const std::vector<std::string>& folders) {
    if (level_ != ClassFolder::kAuto || folders.empty()) return;
    const bool places = std::ranges::all_of(folders, looks_like_a_place) &&
                        std::ranges::none_of(folders, [&](const std::string& name) { return is_class(name); });
    if (!places) return;
    level_ = ClassFolder::kLast;
    read_as_ = fmt::format("class folders in those of {}, {}", counted(folders.size(), "place"), some_of(folders, 2));
}

void ClassFolders::read_folder(const std::string& name, const std::string& below, Samples& samples) {
    Listing found = list_below(root_ / below);
    for (std::string& link : found.repeated) repeated_.push_back(below + "/" + link);
    for (const std::string& folder : found.litter) litter_.push_back(below + "/" + folder);
    for (std::string& other : found.others) others_.push_back(below + "/" + other);
    if (found.images.empty()) {
        warn("class folder without an image", (root_ / below).string(), some_of(found.others),
             "take it out, or put images into it");
        return;
    }
    if (level_ == ClassFolder::kAuto) note_nesting(below, found.images);
    const auto site = level_ == ClassFolder::kLast ? std::make_shared<const ImageFacts>(ImageFacts{.site = name})
                                                   : std::shared_ptr<const ImageFacts>();
    for (const std::string& image : found.images) {
        const std::string full = below + "/" + image;
        const std::string class_name = level_ == ClassFolder::kLast ? last_folder(image) : name;
        if (class_name.empty()) {
            unlabelled_.push_back(full);
            continue;
        }
        Sample& sample = samples.emplace_back(
            Sample{.path = root_ / full, .name = full, .label = index_of(core::composed(class_name))});
        sample.facts = site;
    }
}

int64_t ClassFolders::index_of(const std::string& class_name) {
    const auto [entry, is_new] = index_.try_emplace(class_name, static_cast<int64_t>(classes_.size()));
    if (is_new) classes_.push_back(class_name);
    return entry->second;
}

void ClassFolders::warn_of_two_forms(const std::vector<std::string>& folders, const std::string& below) {
    std::map<std::string, size_t> forms;
    for (const std::string& name : folders) ++forms[core::composed(name)];
    for (const auto& [name, count] : forms) {
        if (count < 2) continue;
        warn("two folders of one name in two Unicode forms, as Linux and macOS write it: read as one class",
             (below.empty() ? root_ : root_ / below).string(), "'" + name + "'", {});
    }
}

/// Records class folders that contain only folders: they may be sites or years, and their folders the classes.
void ClassFolders::note_nesting(const std::string& below, const std::vector<std::string>& images) {
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

void ClassFolders::warn(std::string what, std::string where, std::string found, std::string remedy) {
    warnings_.push_back(
        {.what = std::move(what), .where = std::move(where), .found = std::move(found), .remedy = std::move(remedy)});
}

}  // namespace kaziranga::data
