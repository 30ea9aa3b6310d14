#include "data/inspect.hpp"
#include "data/wording.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

namespace kaziranga::data {
namespace {

struct Copy {
    const Sample* sample;
    const char* split;
};

using Copies = std::vector<Copy>;

/// What the copies of one photograph disagree about, told of the first two that differ in it.
template <class Key>
void warn_of_difference(const Copies& copies, Key key, const std::string& what, const std::string& remedy,
                        std::vector<core::Problem>& warnings) {
    std::set<std::string> seen;
    std::vector<std::string> keys, paths;  // of the first copy with each key
    for (const Copy& copy : copies) {
        if (!seen.insert(key(copy)).second) continue;
        keys.push_back(key(copy));
        paths.push_back(copy.sample->path.string());
    }
    if (keys.size() < 2) return;
    warnings.push_back({.what = what + " " + listed(keys),
                        .where = paths.front(),
                        .found = listed({paths.begin() + 1, paths.end()}),
                        .remedy = remedy});
}

/// Copies that harm nothing but the balance of a class: same split, same class.
void count_spare(const Copies& copies, std::vector<std::string>& spare) {
    std::set<std::pair<std::string, int64_t>> places;
    for (const Copy& copy : copies) {
        if (!places.insert({copy.split, copy.sample->label}).second) spare.push_back(copy.sample->name);
    }
}

}  // namespace

CheckReport check_dataset(const Dataset& dataset, int64_t max_pixels, int64_t workers) {
    CheckReport report;
    Samples samples;
    std::vector<const char*> splits;  // of each sample: the name, and where it goes when it can be used
    std::vector<Samples*> usable;
    for (const auto& [split, name, sound] : {std::tuple{&dataset.train, "train", &report.train},
                                             {&dataset.val, "val", &report.val},
                                             {&dataset.test, "test", &report.test}}) {
        samples.insert(samples.end(), split->begin(), split->end());
        splits.insert(splits.end(), split->size(), name);
        usable.insert(usable.end(), split->size(), sound);
    }
    std::vector<Inspection> inspections = inspect(samples, Depth::kDecode, max_pixels, workers);

    report.images = static_cast<int64_t>(samples.size() + dataset.unusable.size());
    report.warnings = dataset.warnings;
    report.errors = dataset.unusable;
    std::map<core::Hash128, size_t> group_of;
    std::vector<Copies> groups;  // in the order of the samples, so that the report is
    for (size_t i = 0; i < samples.size(); ++i) {
        if (inspections[i].problem) {
            report.errors.push_back(std::move(*inspections[i].problem));
            continue;
        }
        const auto [entry, is_new] = group_of.try_emplace(inspections[i].content, groups.size());
        if (is_new) groups.emplace_back();
        groups[entry->second].push_back({&samples[i], splits[i]});
        usable[i]->push_back(samples[i]);
    }

    std::vector<core::Problem> across_splits, across_classes;
    std::vector<std::string> spare;
    for (const Copies& copies : groups) {
        if (copies.size() < 2) continue;
        warn_of_difference(
            copies, [](const Copy& copy) { return std::string(copy.split); }, "the same photograph is in",
            "keep it in one split: a model is not tested on what it has seen", across_splits);
        warn_of_difference(
            copies,
            [&](const Copy& copy) { return "'" + dataset.classes.at(static_cast<size_t>(copy.sample->label)) + "'"; },
            "the same photograph is labelled", "one of the labels is wrong", across_classes);
        count_spare(copies, spare);
    }
    for (std::vector<core::Problem>* found : {&across_splits, &across_classes}) {
        cap(*found);
        std::move(found->begin(), found->end(), std::back_inserter(report.warnings));
    }
    if (!spare.empty()) {
        report.warnings.push_back(
            {.what = counted(spare.size(), "image") + " copied from another of the same class and split",
             .where = dataset.root.string(),
             .found = some_of(spare),
             .remedy = "copies add no information"});
    }
    return report;
}

}  // namespace kaziranga::data
