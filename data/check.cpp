#include "core/progress.hpp"
#include "core/threads.hpp"
#include "data/inspect.hpp"
#include "data/wording.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace kaziranga::data {
namespace {

struct Copy {
    const Sample* sample = nullptr;
    const char* split = nullptr;
};

using Copies = std::vector<Copy>;

/// Returns the groups of images with equal content, in the order of their first images.
std::vector<Copies> copies_among(const SplitImages& images) {
    std::vector<Copy> all;
    std::vector<std::pair<core::Hash128, size_t>> contents;  // hash and position in `all`
    for (const auto& [name, split] :
         {std::pair{"train", &images.train}, {"val", &images.val}, {"test", &images.test}}) {
        for (size_t i = 0; i < split->samples.size(); ++i) {
            contents.emplace_back(split->contents[i], all.size());
            all.push_back({&split->samples[i], name});
        }
    }
    std::ranges::sort(contents);
    std::map<size_t, Copies> groups;  // by the position of the first copy
    for (size_t i = 0, first = 0; i < contents.size(); ++i) {
        if (contents[i].first != contents[first].first) first = i;
        if (i == first) continue;
        Copies& copies = groups[contents[first].second];
        if (copies.empty()) copies.push_back(all[contents[first].second]);
        copies.push_back(all[contents[i].second]);
    }
    std::vector<Copies> found;
    for (auto& [first, copies] : groups) found.push_back(std::move(copies));
    return found;
}

/// Warns if the copies of one image differ in `key`. Names the first copy with each key.
template <class Key>
void warn_of_difference(const Copies& copies, Key key, const std::string& what, const std::string& remedy,
                        std::vector<core::Problem>& warnings) {
    std::set<std::string> seen;
    std::vector<std::string> keys, paths;  // keys, and paths of the first copy with each
    for (const Copy& copy : copies) {
        if (!seen.insert(key(copy)).second) continue;
        keys.push_back(key(copy));
        paths.push_back(copy.sample->path);
    }
    if (keys.size() < 2) return;
    warnings.push_back({.what = what + " " + listed(keys),
                        .where = paths.front(),
                        .found = listed({paths.begin() + 1, paths.end()}),
                        .remedy = remedy});
}

/// Collects copies within the same split and class. They affect only the balance of the class.
void count_spare(const Copies& copies, std::vector<std::string>& spare) {
    std::set<std::pair<std::string, int64_t>> places;
    for (const Copy& copy : copies) {
        if (!places.insert({copy.split, copy.sample->label}).second) spare.push_back(copy.sample->name);
    }
}

constexpr size_t kNoTwin = std::numeric_limits<size_t>::max();

/// Returns for each image of a split the training image that looks most like it, without being a copy; kNoTwin if none
/// is near enough.
std::vector<size_t> twins_in(const UsableImages& train, const UsableImages& split, int64_t workers) {
    std::vector<size_t> twins(split.samples.size(), kNoTwin);
    if (twins.empty()) return twins;
    core::SharedPhase phase("comparing looks", static_cast<int64_t>(twins.size()), "images");
    core::parallel_for(static_cast<int64_t>(twins.size()), workers, [&](int64_t position) {
        phase.step();
        const auto i = static_cast<size_t>(position);
        if (!split.looks[i]) return;
        int nearest = kSameLook + 1;
        for (size_t j = 0; j < train.samples.size(); ++j) {
            if (!train.looks[j] || train.contents[j] == split.contents[i]) continue;
            const int bits = distance(*split.looks[i], *train.looks[j]);
            if (bits >= nearest) continue;
            nearest = bits;
            twins[i] = j;
        }
    });
    return twins;
}

}  // namespace

std::vector<core::Problem> warnings_of_copies(const SplitImages& images, const std::vector<std::string>& classes,
                                              const std::filesystem::path& root) {
    std::vector<core::Problem> across_splits, across_classes;
    std::vector<std::string> spare;
    for (const Copies& copies : copies_among(images)) {
        warn_of_difference(
            copies, [](const Copy& copy) { return std::string(copy.split); }, "the same photograph is in",
            "keep it in one split: a model is not tested on what it has seen", across_splits);
        warn_of_difference(
            copies, [&](const Copy& copy) { return "'" + classes.at(static_cast<size_t>(copy.sample->label)) + "'"; },
            "the same photograph is labelled", "one of the labels is wrong", across_classes);
        count_spare(copies, spare);
    }
    std::vector<core::Problem> warnings;
    for (std::vector<core::Problem>* found : {&across_splits, &across_classes}) {
        cap(*found);
        std::move(found->begin(), found->end(), std::back_inserter(warnings));
    }
    if (!spare.empty()) {
        warnings.push_back({.what = counted(spare.size(), "image") + " copied from another of the same class and split",
                            .where = root.string(),
                            .found = some_of(spare),
                            .remedy = "copies add no information"});
    }
    return warnings;
}

std::vector<core::Problem> warnings_of_looks(const SplitImages& images, const DataOptions& options) {
    std::vector<core::Problem> warnings;
    for (const auto& [name, split] : {std::pair{"validation", &images.val}, {"test", &images.test}}) {
        const std::vector<size_t> twins = twins_in(images.train, *split, options.workers);
        std::vector<std::string> pairs;
        for (size_t i = 0; i < twins.size(); ++i) {
            if (twins[i] == kNoTwin) continue;
            pairs.push_back(split->samples[i].name + " like " + images.train.samples[twins[i]].name);
        }
        if (pairs.empty()) continue;
        warnings.push_back(
            {.what = fmt::format("{} of {} {} images look like a training image, as pictures of one "
                                 "moment do; results on them flatter the model",
                                 pairs.size(), split->samples.size(), name),
             .where = options.place(),
             .found = listed(pairs),
             .remedy = options.group == "none"
                           ? "data.group keeps pictures that belong together in one split: burst, folder, "
                             "site or sequence"
                           : "data.group=" + options.group + " does not keep them together"});
    }
    return warnings;
}

CheckReport check_dataset(const Dataset& dataset, const DataOptions& options) {
    CheckReport report;
    report.warnings = dataset.warnings;
    report.errors = dataset.unusable;
    report.images = static_cast<int64_t>(dataset.unusable.size());
    // Inspects all splits in one call, so that progress counts all images.
    Samples samples;
    std::vector<UsableImages*> splits;  // split of each sample
    for (const auto& [split, usable] : {std::pair{&dataset.train, &report.usable.train},
                                        {&dataset.val, &report.usable.val},
                                        {&dataset.test, &report.usable.test}}) {
        samples.insert(samples.end(), split->begin(), split->end());
        splits.insert(splits.end(), split->size(), usable);
    }
    std::vector<Inspection> inspections = inspect(samples, Depth::kLook, options.max_pixels, options.workers);
    report.images += static_cast<int64_t>(samples.size());
    for (size_t i = 0; i < samples.size(); ++i) {
        if (inspections[i].problem) {
            report.errors.push_back(std::move(*inspections[i].problem));
        } else {
            splits[i]->samples.push_back(std::move(samples[i]));
            splits[i]->contents.push_back(inspections[i].content);
            splits[i]->looks.push_back(inspections[i].look);
        }
    }
    std::ranges::move(warnings_of_copies(report.usable, dataset.classes, dataset.root),
                      std::back_inserter(report.warnings));
    std::ranges::move(warnings_of_looks(report.usable, options), std::back_inserter(report.warnings));
    return report;
}

}  // namespace kaziranga::data
