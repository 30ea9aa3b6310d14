#include "core/hash.hpp"
#include "core/random.hpp"
#include "core/text.hpp"
#include "data/dataset.hpp"
#include "data/inspect.hpp"
#include "data/manifests/table.hpp"
#include "data/wording.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>
#include <utility>

namespace kaziranga::data {
namespace {

constexpr size_t kShownClasses = 10;  // of those with the same problem

using SamplesByClass = std::vector<Samples>;

bool is_before(const Sample& a, const Sample& b) {
    return std::tie(a.label, a.name) < std::tie(b.label, b.name);
}

std::vector<std::string> ordered(std::vector<std::string> classes, ClassOrder order) {
    if (order == ClassOrder::kNatural) {
        std::sort(classes.begin(), classes.end(), core::natural_less);
    } else {
        std::sort(classes.begin(), classes.end());
    }
    return classes;
}

/// Changes the labels of the samples to indices into `classes`.
void relabel(Manifest& manifest, const std::vector<std::string>& classes) {
    std::map<std::string, int64_t> index;
    for (size_t i = 0; i < classes.size(); ++i) index.emplace(classes[i], static_cast<int64_t>(i));
    for (Samples* split : {&manifest.train, &manifest.val, &manifest.test, &manifest.unsplit}) {
        for (Sample& sample : *split) sample.label = index.at(manifest.classes.at(static_cast<size_t>(sample.label)));
    }
    manifest.classes = classes;
}

SamplesByClass by_class(Samples samples, size_t classes) {
    SamplesByClass grouped(classes);
    for (Sample& sample : samples) grouped[static_cast<size_t>(sample.label)].push_back(std::move(sample));
    return grouped;
}

/// Returns the name without its class folder and the folders above it, so that moved data give the same draw.
std::string_view name_within_class(std::string_view name, std::string_view class_name) {
    constexpr std::string_view kSplits[] = {"train/", "val/", "valid/", "validation/", "test/"};
    std::string_view rest = name;
    for (const std::string_view split : kSplits) {
        if (rest.starts_with(split) && rest.substr(split.size()).starts_with(class_name)) {
            rest.remove_prefix(split.size());
            break;
        }
    }
    const bool in_class_folder = rest.starts_with(class_name) && rest.substr(class_name.size()).starts_with('/');
    return in_class_folder ? rest.substr(class_name.size() + 1) : name;
}

/// Returns the images of one class in random order by seed and purpose. The position of an image does not depend on
/// other classes, and one more image in the class shifts it by at most one.
Samples drawn(Samples images, const std::string& class_name, uint64_t seed, core::Purpose purpose) {
    const uint64_t stream = core::RandomStream(seed, purpose, {core::hash64(class_name)})();
    std::vector<std::tuple<uint64_t, std::string, Sample>> ranked;
    for (Sample& image : images) {
        const uint64_t rank = core::hash64(name_within_class(image.name, class_name), stream);
        std::string name = image.name;
        ranked.emplace_back(rank, std::move(name), std::move(image));
    }
    std::sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) {
        return std::tie(std::get<0>(a), std::get<1>(a)) < std::tie(std::get<0>(b), std::get<1>(b));
    });
    for (size_t i = 0; i < images.size(); ++i) images[i] = std::move(std::get<2>(ranked[i]));
    return images;
}

/// Number of images for a fraction of `of`: at least one if possible, and at least one of `available` remains.
size_t share(double fraction, size_t of, size_t available) {
    if (fraction <= 0 || available < 2) return 0;
    const auto wanted = static_cast<size_t>(std::llround(fraction * static_cast<double>(of)));
    return std::clamp<size_t>(wanted, 1, available - 1);
}

void move_front(Samples& from, size_t count, Samples& to) {
    const auto end = from.begin() + static_cast<std::ptrdiff_t>(count);
    std::move(from.begin(), end, std::back_inserter(to));
    from.erase(from.begin(), end);
}

/// Splits images without splits into test, val and train.
void split_unsplit(Manifest& manifest, const DataOptions& options, uint64_t seed) {
    SamplesByClass classes = by_class(std::exchange(manifest.unsplit, {}), manifest.classes.size());
    for (size_t c = 0; c < classes.size(); ++c) {
        Samples images = drawn(std::move(classes[c]), manifest.classes[c], seed, core::Purpose::kSplit);
        const size_t all = images.size();
        move_front(images, share(options.test_fraction, all, images.size()), manifest.test);
        move_front(images, share(options.val_fraction, all, images.size()), manifest.val);
        move_front(images, images.size(), manifest.train);
    }
}

/// Moves a part of the training split to val.
void split_train(Manifest& manifest, const DataOptions& options, uint64_t seed) {
    SamplesByClass classes = by_class(std::exchange(manifest.train, {}), manifest.classes.size());
    for (size_t c = 0; c < classes.size(); ++c) {
        Samples images = drawn(std::move(classes[c]), manifest.classes[c], seed, core::Purpose::kSplit);
        move_front(images, share(options.val_fraction, images.size(), images.size()), manifest.val);
        move_front(images, images.size(), manifest.train);
    }
}

void fill_splits(Manifest& manifest, const DataOptions& options, uint64_t seed) {
    if (!manifest.unsplit.empty()) {
        split_unsplit(manifest, options, seed);
    } else if (options.val_fraction > 0 && manifest.val.empty()) {
        split_train(manifest, options, seed);
    } else if (options.val_fraction > 0) {
        manifest.warnings.push_back({.what = "val_fraction has no effect",
                                     .where = "data.val_fraction",
                                     .found = "a validation split in " + manifest.root.string(),
                                     .remedy = "the split of the data is used; set val_fraction to 0 to say so"});
    }
}

std::vector<size_t> count_by_class(const Samples& samples, size_t classes) {
    std::vector<size_t> counts(classes);
    for (const Sample& sample : samples) ++counts[static_cast<size_t>(sample.label)];
    return counts;
}

/// Refuses classes without training images. They are a mistake in the data: most often one class under two names.
void refuse_untrained(const Manifest& manifest) {
    if (manifest.train.empty()) {
        throw core::Error({.what = "there is no training image",
                           .where = manifest.root.string(),
                           .expected = "images in the split 'train'",
                           .found = counted(manifest.val.size(), "validation image") + ", " +
                                    counted(manifest.test.size(), "test image")});
    }
    const std::vector<size_t> counts = count_by_class(manifest.train, manifest.classes.size());
    std::vector<std::string> trained, untrained;
    for (size_t c = 0; c < counts.size(); ++c) (counts[c] ? trained : untrained).push_back(manifest.classes[c]);
    std::vector<core::Problem> problems;
    for (const std::string& name : untrained) {
        const std::string near = core::did_you_mean(name, trained);
        problems.push_back({.what = "class '" + name + "' has no training image, so it cannot be learned",
                            .where = manifest.root.string(),
                            .found = "images in val or test only",
                            .remedy = near.empty() ? "add training images, or take the class out" : near});
    }
    if (problems.empty()) return;
    cap(problems, kShownClasses);
    throw core::Error(std::move(problems));
}

void warn_of_missing(Manifest& manifest, const Samples& split, const std::string& split_name) {
    if (split.empty()) return;
    std::vector<std::string> missing;
    const std::vector<size_t> counts = count_by_class(split, manifest.classes.size());
    for (size_t c = 0; c < counts.size(); ++c) {
        if (counts[c] == 0) missing.push_back(manifest.classes[c]);
    }
    if (missing.empty()) return;
    manifest.warnings.push_back({.what = std::to_string(missing.size()) + " of " +
                                         counted(manifest.classes.size(), "class") + " without a " + split_name +
                                         " image",
                                 .where = manifest.root.string(),
                                 .found = some_of(missing, 10),
                                 .remedy = "nothing will be known about how well they are told apart"});
}

/// @param kind  kind of the images, for the message
void refuse_too_few(const Manifest& manifest, const SamplesByClass& classes, int64_t shots, const std::string& kind) {
    std::vector<core::Problem> problems;
    for (size_t c = 0; c < classes.size(); ++c) {
        if (static_cast<int64_t>(classes[c].size()) >= shots) continue;
        problems.push_back(
            {.what = "class '" + manifest.classes[c] + "' has too few " + kind + " images",
             .where = manifest.root.string(),
             .expected = "at least " + std::to_string(shots) + " (data.shots)",
             .found = std::to_string(classes[c].size()),
             .remedy = "lower data.shots or add images; val_fraction and test_fraction take their share first"});
    }
    if (problems.empty()) return;
    cap(problems, kShownClasses);
    throw core::Error(std::move(problems));
}

/// Moves valid images from the front of each class's list to `to`, until `to` has options.shots of them. Problems of
/// invalid images go to `unusable`. Reads all files that are still needed at once, so that all processors have work.
void move_sound(SamplesByClass& from, SamplesByClass& to, const DataOptions& options,
                std::vector<core::Problem>& unusable) {
    const auto shots = static_cast<size_t>(options.shots);
    for (;;) {
        Samples next;
        for (size_t c = 0; c < from.size(); ++c) {
            move_front(from[c], std::min(shots - to[c].size(), from[c].size()), next);
        }
        if (next.empty()) return;
        std::vector<Inspection> found = inspect(next, Depth::kDecode, options.max_pixels, options.workers);
        for (size_t i = 0; i < next.size(); ++i) {
            if (found[i].problem) {
                unusable.push_back(std::move(*found[i].problem));
            } else {
                to[static_cast<size_t>(next[i].label)].push_back(std::move(next[i]));
            }
        }
    }
}

/// @return the problems of images that the draw skipped
std::vector<core::Problem> draw_shots(Manifest& manifest, const DataOptions& options, uint64_t seed) {
    SamplesByClass classes = by_class(std::exchange(manifest.train, {}), manifest.classes.size());
    refuse_too_few(manifest, classes, options.shots, "training");
    for (size_t c = 0; c < classes.size(); ++c) {
        classes[c] = drawn(std::move(classes[c]), manifest.classes[c], seed, core::Purpose::kShots);
    }
    std::vector<core::Problem> unusable;
    if (options.on_error == ErrorPolicy::kSkip) {
        SamplesByClass sound(classes.size());
        move_sound(classes, sound, options, unusable);
        refuse_too_few(manifest, sound, options.shots, "usable training");
        classes = std::move(sound);
    }
    for (Samples& images : classes) move_front(images, static_cast<size_t>(options.shots), manifest.train);
    return unusable;
}

/// Distributes the training images of each class to folds, and makes one fold the test split. Each class continues with
/// the next fold, so that folds have equal sizes. A class keeps at least one training image.
void hold_out_fold(Manifest& manifest, const DataOptions& options, uint64_t seed) {
    manifest.test.clear();
    SamplesByClass classes = by_class(std::exchange(manifest.train, {}), manifest.classes.size());
    int64_t next = 0;
    for (size_t c = 0; c < classes.size(); ++c) {
        const bool several = classes[c].size() > 1;
        for (Sample& image : drawn(std::move(classes[c]), manifest.classes[c], seed, core::Purpose::kFolds)) {
            const bool out = several && next++ % options.folds == options.fold;
            (out ? manifest.test : manifest.train).push_back(std::move(image));
        }
    }
}

}  // namespace

void require_all_there(const Manifest& manifest) {
    if (manifest.missing.empty()) return;
    std::vector<core::Problem> problems = manifest.missing;
    cap(problems);
    throw core::Error(std::move(problems));
}

Dataset split_dataset(Manifest manifest, const DataOptions& options, uint64_t seed) {
    require_all_there(manifest);
    const bool drawn = manifest.train.empty();
    relabel(manifest, ordered(manifest.classes, options.order));
    fill_splits(manifest, options, seed);
    refuse_untrained(manifest);
    std::vector<core::Problem> unusable;
    if (options.shots > 0) unusable = draw_shots(manifest, options, seed);
    if (options.folds > 0) hold_out_fold(manifest, options, seed);
    warn_of_missing(manifest, manifest.val, "validation");
    warn_of_missing(manifest, manifest.test, "test");
    if (manifest.val.empty() && manifest.test.empty()) {
        manifest.warnings.push_back(
            {.what = "no image is kept to judge the model by: training images alone say nothing about new ones",
             .where = manifest.root.string(),
             .remedy = drawn ? "set data.test_fraction, and give each class two images or more"
                             : std::string(format_of(options, options.place()).to_set_aside)});
    }
    if (manifest.classes.size() == 1) {
        manifest.warnings.push_back({.what = "there is one class only, so there is nothing to tell apart",
                                     .where = manifest.root.string(),
                                     .found = some_of(manifest.classes)});
    }
    for (Samples* split : {&manifest.train, &manifest.val, &manifest.test}) {
        std::sort(split->begin(), split->end(), is_before);
    }
    return {.root = std::move(manifest.root),
            .classes = std::move(manifest.classes),
            .train = std::move(manifest.train),
            .val = std::move(manifest.val),
            .test = std::move(manifest.test),
            .read_as = std::move(manifest.read_as),
            .warnings = std::move(manifest.warnings),
            .unusable = std::move(unusable)};
}

}  // namespace kaziranga::data
