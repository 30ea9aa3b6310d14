#include "training/run/run_splits.hpp"

#include "core/error.hpp"
#include "core/files.hpp"
#include "core/text.hpp"
#include "data/csv_table.hpp"
#include "data/wording.hpp"

#include <array>
#include <unordered_map>
#include <utility>

namespace kaziranga::training {
namespace {

constexpr const char* kHeader = "path,label,split,content,group";
constexpr const char* kHeaderWithoutGroups = "path,label,split,content";  ///< of earlier versions
constexpr const char* kTrain = "train";
constexpr const char* kVal = "val";
constexpr const char* kTest = "test";

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& found) {
    throw core::Error({.what = "not the list of a run's images",
                       .where = file.string(),
                       .expected = std::string("lines of ") + kHeader,
                       .found = found,
                       .remedy = "take it from where it was written, or name a labelled folder with --data"});
}

}  // namespace

std::string splits_csv(const RunImages& images, const std::vector<std::string>& classes) {
    std::string csv = std::string(kHeader) + "\n";
    const std::pair<const char*, const UsableImages*> splits[] = {
        {kTrain, &images.train}, {kVal, &images.val}, {kTest, &images.test}};
    for (const auto& [split, part] : splits) {
        for (size_t i = 0; i < part->samples.size(); ++i) {
            const data::Sample& sample = part->samples[i];
            csv += core::csv_field(sample.name) + ',' + core::csv_field(classes.at(static_cast<size_t>(sample.label))) +
                   ',' + split + ',' + part->contents[i].hex() + ',' + core::csv_field(sample.group) + '\n';
        }
    }
    return csv;
}

RunSplits::RunSplits(const std::filesystem::path& file) : file_(file), judged_(kVal) {
    const data::CsvTable table = data::parse_csv(core::read_file(file));
    if (!table.problems.empty()) refuse(file, table.problems.front().what);
    const std::string header = table.records.empty() ? "" : core::join(table.records.front().fields, ",");
    if (header != kHeader && header != kHeaderWithoutGroups) refuse(file, "other columns");
    for (size_t i = 1; i < table.records.size(); ++i) {
        const data::CsvRecord& record = table.records[i];
        const std::string line = "line " + std::to_string(record.line);
        if (record.fields.size() != table.records.front().fields.size()) refuse(file, line + " of other fields");
        const auto content = core::Hash128::from_hex(record.fields[3]);
        if (!content) refuse(file, line + " with '" + record.fields[3] + "' as content");
        rows_.push_back(
            {core::csv_text(record.fields[0]), core::csv_text(record.fields[1]), record.fields[2], *content});
        if (rows_.back().split == kTrain) trained_.insert(*content);
        if (rows_.back().split == kTest) judged_ = kTest;
    }
}

data::Samples RunSplits::find(const data::Manifest& manifest, const std::vector<std::string>& classes, bool skip,
                              std::vector<core::Problem>& notes) const {
    std::unordered_map<std::string, const data::Sample*> now;
    for (const data::Samples* split : {&manifest.train, &manifest.val, &manifest.test, &manifest.unsplit}) {
        for (const data::Sample& sample : *split) now.emplace(sample.name, &sample);
    }
    std::unordered_map<std::string, int64_t> labels;
    for (size_t k = 0; k < classes.size(); ++k) labels.emplace(classes[k], static_cast<int64_t>(k));

    data::Samples samples;
    std::vector<core::Problem> problems;
    size_t known = 0;
    for (const Row& row : rows_) {
        const auto found = now.find(row.path);
        known += found != now.end() ? 1 : 0;
        if (row.split != judged_) continue;
        const std::string where = (manifest.root / row.path).string();
        if (found == now.end()) {
            std::error_code code;
            const bool there = std::filesystem::exists(where, code);
            problems.push_back(
                {.what = "an image of the run's " + judged_ + " split is " +
                         (there ? "no longer among the data's images, though its file is there" : "gone"),
                 .where = where});
            continue;
        }
        const std::string& label = manifest.classes[static_cast<size_t>(found->second->label)];
        const auto index = labels.find(row.label);
        if (label != row.label || index == labels.end()) {
            problems.push_back({.what = "an image of the run's " + judged_ + " split has another label",
                                .where = where,
                                .expected = row.label,
                                .found = label});
            continue;
        }
        samples.push_back(*found->second);
        samples.back().label = index->second;
    }
    if (!problems.empty() && !skip) {
        data::cap(problems);
        problems.push_back(
            {.what = "the run's images are not as they were",
             .where = file_.string(),
             .remedy = "put them back, leave them out with data.on_error=skip, or name a labelled folder with --data"});
        throw core::Error(std::move(problems));
    }
    if (samples.empty() && !problems.empty()) {
        throw core::Error({.what = "none of the images of the run's " + judged_ + " split is there",
                           .where = manifest.root.string(),
                           .found = problems.front().where + " is gone, for one",
                           .remedy = "name the run's own images with data.root, or a labelled folder with --data"});
    }
    data::cap(problems);
    notes.insert(notes.end(), problems.begin(), problems.end());
    if (now.size() > known) {
        notes.push_back(
            {.what = data::counted(now.size() - known, "image") +
                     " of the data in none of the run's splits, added since, left over or not usable; not judged",
             .where = manifest.root.string(),
             .remedy = "judge them with --data"});
    }
    return samples;
}

std::vector<core::Problem> RunSplits::differences(const RunImages& images,
                                                  const std::vector<std::string>& classes) const {
    std::unordered_map<std::string, const Row*> recorded;
    for (const Row& row : rows_) {
        if (row.split != kTest) recorded.emplace(row.path, &row);
    }
    std::vector<core::Problem> problems;
    const auto differs = [&](const data::Sample& sample, const std::string& what) {
        problems.push_back({.what = what, .where = sample.path});
    };
    for (const auto& [split, part] : {std::pair{kTrain, &images.train}, {kVal, &images.val}}) {
        for (size_t i = 0; i < part->samples.size(); ++i) {
            const data::Sample& sample = part->samples[i];
            const auto found = recorded.find(sample.name);
            if (found == recorded.end()) {
                differs(sample, "an image that the run did not train or validate on");
                continue;
            }
            const Row& row = *found->second;
            if (row.content != part->contents[i]) differs(sample, "the image has changed since the run began");
            if (row.split != split) differs(sample, "the image was in the run's " + row.split + " split");
            if (row.label != classes.at(static_cast<size_t>(sample.label))) {
                differs(sample, "the image was of class '" + row.label + "'");
            }
            recorded.erase(found);
        }
    }
    for (const Row& row : rows_) {
        if (!recorded.contains(row.path)) continue;
        problems.push_back({.what = "an image of the run's " + row.split + " split is gone", .where = row.path});
    }
    constexpr size_t kShown = 5;
    data::cap(problems, kShown);
    return problems;
}

std::vector<core::Problem> RunSplits::changed(const UsableImages& images) const {
    std::unordered_map<std::string, core::Hash128> recorded;
    for (const Row& row : rows_) recorded.emplace(row.path, row.content);
    std::vector<core::Problem> problems;
    for (size_t i = 0; i < images.samples.size(); ++i) {
        const auto found = recorded.find(images.samples[i].name);
        if (found == recorded.end() || found->second == images.contents[i]) continue;
        problems.push_back(
            {.what = "the image is another than the run was judged on", .where = images.samples[i].path});
    }
    return problems;
}

size_t RunSplits::trained_on(const UsableImages& images) const {
    size_t count = 0;
    for (const core::Hash128& content : images.contents) count += trained_.contains(content) ? 1 : 0;
    return count;
}

std::vector<core::Problem> problems_of_resumed_images(const RunFolder& run, const RunImages& images,
                                                      const std::vector<std::string>& classes) {
    std::error_code code;
    if (!std::filesystem::exists(run.state(), code) || !std::filesystem::exists(run.splits(), code)) return {};
    std::vector<core::Problem> problems = RunSplits(run.splits()).differences(images, classes);
    if (problems.empty()) return {};
    problems.push_back({.what = "the run was started with other images",
                        .where = run.root.string(),
                        .remedy = "put them back, or start afresh with overwrite=true"});
    return problems;
}

}  // namespace kaziranga::training
