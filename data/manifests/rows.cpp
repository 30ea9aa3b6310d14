#include "data/manifests/rows.hpp"

#include "core/text.hpp"
#include "core/utf8.hpp"
#include "data/manifests/split_words.hpp"
#include "data/wording.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>

#include <fmt/format.h>

namespace kaziranga::data {
namespace {

namespace fs = std::filesystem;

/// True for the extensions of videos, which cameras write beside photographs.
bool is_video(const std::string& path) {
    constexpr std::array<std::string_view, 10> kExtensions = {".mp4", ".mov", ".avi", ".mkv", ".m4v",
                                                              ".wmv", ".mpg", ".mts", ".3gp", ".mpeg"};
    return std::ranges::count(kExtensions, core::lower(fs::path(path).extension().string())) > 0;
}

std::string trimmed(const std::string& text) {
    constexpr const char* kSpaces = " \t";
    const size_t first = text.find_first_not_of(kSpaces);
    return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(kSpaces) - first + 1);
}

Samples& samples_of(Manifest& manifest, Split split) {
    return split == Split::kTrain ? manifest.train : split == Split::kVal ? manifest.val : manifest.test;
}

}  // namespace

ManifestBuilder::ManifestBuilder(fs::path file, const DataOptions& options, std::string entries)
    : file_(std::move(file)), entries_(std::move(entries)), paths_(file_.parent_path(), options) {
    manifest_.root = paths_.base();
}

std::string ManifestBuilder::where(int64_t line) const {
    if (line == 0) return file_.string();
    return entries_.empty() ? fmt::format("{}:{}", file_.string(), line)
                            : fmt::format("{}: {} {}", file_.string(), entries_, line);
}

std::string ManifestBuilder::place(int64_t line) const {
    return (entries_.empty() ? "line" : entries_) + " " + std::to_string(line);
}

void ManifestBuilder::add_problem(int64_t line, core::Problem problem) {
    problem.where = where(line);
    problems_.emplace_back(line, std::move(problem));
}

void ManifestBuilder::add_problems(int64_t line, std::vector<core::Problem> problems) {
    for (core::Problem& problem : problems) add_problem(line, std::move(problem));
}

void ManifestBuilder::add_warning(int64_t line, core::Problem warning) {
    warning.where = where(line);
    manifest_.warnings.push_back(std::move(warning));
}

void ManifestBuilder::add(Row row) {
    if (is_video(row.path)) {
        ++videos_;
        return;
    }
    ++rows_;
    row.label = core::composed(trimmed(row.label));
    row.split = trimmed(row.split);
    row.site = trimmed(row.site);
    row.sequence = trimmed(row.sequence);
    const bool complete = is_complete(row);
    Samples* split = split_of(row);
    if (!complete || split == nullptr) return;
    const fs::path file = paths_.present_file_of(row.path);
    if (is_repeated(row, file) || !is_there(row, file)) return;
    if (!paths_.may_name(file)) {
        add_problem(row.line, {.what = "the path leads out of the table's folder",
                               .found = row.path,
                               .remedy = TablePaths::kOutsideRemedy});
        return;
    }
    const std::string name = paths_.name_of(file);
    split->push_back({.path = file,
                      .name = row.box ? name_of_box(name, *row.box) : name,
                      .label = class_index(row.label),
                      .box = row.box,
                      .group = trimmed(row.group),
                      .time = row.time,
                      .facts = facts_of_row(row)});
}

std::optional<fs::path> ManifestBuilder::usable_file(const std::string& path) const {
    if (path.find('\0') != std::string::npos) return std::nullopt;
    fs::path file = paths_.present_file_of(path);
    std::error_code code;
    return paths_.may_name(file) && fs::is_regular_file(file, code) ? std::optional(std::move(file)) : std::nullopt;
}

bool ManifestBuilder::is_complete(const Row& row) {
    const size_t problems = problems_.size();
    if (row.path.empty()) add_problem(row.line, {.what = "no path", .remedy = "name the image, or take the line out"});
    if (row.path.find('\0') != std::string::npos)
        add_problem(row.line, {.what = "a zero byte in the path", .remedy = "save the table as CSV in UTF-8"});
    if (row.label.empty())
        add_problem(row.line, {.what = "no label", .remedy = "name the class, or take the line out"});
    return problems == problems_.size();
}

/// Returns the list of the row's split. If the split is unknown, adds a problem and returns null.
Samples* ManifestBuilder::split_of(const Row& row) {
    if (row.split.empty()) {
        if (first_without_split_ == 0) first_without_split_ = row.line;
        return &manifest_.unsplit;
    }
    ++rows_with_split_;
    if (const std::optional<Split> split = split_of_word(row.split)) return &samples_of(manifest_, *split);
    add_problem(row.line, {.what = "unknown split",
                           .expected = core::join(split_words(), ", ") + " or nothing",
                           .found = "'" + row.split + "'",
                           .remedy = core::did_you_mean(core::lower(row.split), split_words())});
    return nullptr;
}

bool ManifestBuilder::is_repeated(const Row& row, const fs::path& file) {
    const std::string normal = file.lexically_normal().string();
    const auto [entry, is_new] =
        first_rows_.try_emplace(row.box ? name_of_box(normal, *row.box) : normal, FirstRow{row.line, row.label});
    if (is_new) return false;
    const FirstRow& first = entry->second;
    if (row.label == first.label) {
        add_problem(row.line, {.what = row.box ? "the same box twice" : "the same path twice",
                               .found = fmt::format("'{}', first on {}", row.path, place(first.line)),
                               .remedy = "keep one of the lines"});
    } else {
        add_problem(row.line,
                    {.what = row.box ? "the same box under two labels" : "the same path under two labels",
                     .found = fmt::format("'{}' here and '{}' on {}", row.label, first.label, place(first.line)),
                     .remedy = "keep the right line"});
    }
    return true;
}

bool ManifestBuilder::is_there(const Row& row, const fs::path& file) {
    std::error_code code;
    const fs::file_status status = fs::status(file, code);
    if (fs::exists(status) && !fs::is_directory(status)) return true;
    missing_.push_back(row.path);
    manifest_.missing.push_back(
        {.what = fs::is_directory(status) ? "a folder where an image is expected" : "the image is not there",
         .where = where(row.line),
         .found = file.string() + (code ? ": " + code.message() : ""),
         .remedy = "paths are relative to the table's folder, or to data.base"});
    return false;
}

std::shared_ptr<const ImageFacts> ManifestBuilder::facts_of_row(const Row& row) {
    if (row.site.empty() && row.sequence.empty()) return nullptr;
    if (!facts_ || facts_->site != row.site || facts_->sequence != row.sequence) {
        facts_ = std::make_shared<const ImageFacts>(ImageFacts{.site = row.site, .sequence = row.sequence});
    }
    return facts_;
}

int64_t ManifestBuilder::class_index(const std::string& label) {
    const auto [entry, is_new] = index_.try_emplace(label, static_cast<int64_t>(manifest_.classes.size()));
    if (is_new) manifest_.classes.push_back(label);
    return entry->second;
}

void ManifestBuilder::refuse_half_split() {
    if (rows_with_split_ == 0 || first_without_split_ == 0) return;
    add_problem(first_without_split_, {.what = "some lines have a split and some have none",
                                       .expected = "a split on every line, or on none",
                                       .found = counted(rows_with_split_, "line") + " with, " +
                                                std::to_string(rows_ - rows_with_split_) + " without, this the first",
                                       .remedy = "fill in the column 'split', or empty it"});
}

void ManifestBuilder::throw_problems() {
    if (problems_.empty()) return;
    std::ranges::stable_sort(problems_, {}, [](const auto& entry) { return entry.first; });
    std::vector<core::Problem> problems;
    for (auto& [line, problem] : problems_) problems.push_back(std::move(problem));
    cap(problems);
    std::vector<core::Problem> missing = manifest_.missing;
    cap(missing);
    std::ranges::move(missing, std::back_inserter(problems));
    throw core::Error(std::move(problems));
}

/// A table of another machine: one problem with the remedy takes the place of one for every image.
void ManifestBuilder::tell_that_all_moved() {
    if (missing_.size() < rows_ || missing_.empty()) return;
    const std::string remedy = paths_.moved_remedy(missing_);
    if (remedy.empty()) return;
    manifest_.missing = {{.what = fmt::format("none of the {} is there", counted(rows_, "image")),
                          .where = file_.string(),
                          .found = missing_.front(),
                          .remedy = remedy}};
}

Manifest ManifestBuilder::finish(bool splits) {
    if (splits) refuse_half_split();
    throw_problems();
    if (rows_ == 0) {
        throw core::Error({.what = "the table names no image",
                           .where = file_.string(),
                           .remedy = "write a line for each image below the header"});
    }
    tell_that_all_moved();
    if (videos_ > 0) add_warning(0, {.what = counted(videos_, "video") + " passed over: only photographs are used"});
    return std::move(manifest_);
}

}  // namespace kaziranga::data
