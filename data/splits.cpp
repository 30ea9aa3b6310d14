#include "core/hash.hpp"
#include "core/random.hpp"
#include "core/text.hpp"
#include "core/utf8.hpp"
#include "data/dataset.hpp"
#include "data/folds.hpp"
#include "data/inspect.hpp"
#include "data/manifests/groups.hpp"
#include "data/manifests/split_words.hpp"
#include "data/manifests/table.hpp"
#include "data/split.hpp"
#include "data/wording.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>
#include <utility>

namespace kaziranga::data {
namespace {

constexpr size_t kShownClasses = 10;  // of those with the same problem

/// Images that stay in one split: those of a group, or the boxes of an image. Mostly one image.
using Unit = Samples;
using Units = std::vector<Unit>;
using UnitsByClass = std::vector<Units>;  // a unit with images of several classes is in each of them, with its images

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

UnitsByClass by_class(Samples samples, size_t classes) {
    UnitsByClass units(classes);
    std::map<std::pair<int64_t, std::string>, size_t> places;
    for (Sample& sample : samples) {
        Units& of_class = units[static_cast<size_t>(sample.label)];
        const auto [place, is_new] = places.try_emplace({sample.label, unit_name(sample)}, of_class.size());
        if (is_new) of_class.emplace_back();
        of_class[place->second].push_back(std::move(sample));
    }
    return units;
}

size_t images_in(const Units& units) {
    size_t images = 0;
    for (const Unit& unit : units) images += unit.size();
    return images;
}

/// Returns the name without its class folder and the folders above it, so that moved data give the same draw.
std::string name_within_class(const std::string& name, const std::string& class_name) {
    std::string rest = core::composed(name);
    const std::string in_class = class_name + "/";
    const size_t slash = rest.find('/');
    if (slash != std::string::npos && split_of_word(std::string_view(rest).substr(0, slash)) &&
        rest.compare(slash + 1, class_name.size(), class_name) == 0) {
        rest.erase(0, slash + 1);
    }
    return rest.starts_with(in_class) ? rest.substr(in_class.size()) : core::composed(name);
}

/// Returns the units of one class in random order by seed and purpose. The position of a unit does not depend on other
/// classes, and one more unit in the class shifts it by at most one.
Units drawn(Units units, const std::string& class_name, uint64_t seed, core::Purpose purpose) {
    const uint64_t stream = core::RandomStream(seed, purpose, {core::hash64(class_name)})();
    std::vector<std::tuple<uint64_t, std::string, Unit>> ranked;
    for (Unit& unit : units) {
        std::string name = unit_name(unit.front());
        const uint64_t rank = core::hash64(name_within_class(name, class_name), stream);
        ranked.emplace_back(rank, std::move(name), std::move(unit));
    }
    std::sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) {
        return std::tie(std::get<0>(a), std::get<1>(a)) < std::tie(std::get<0>(b), std::get<1>(b));
    });
    for (size_t i = 0; i < units.size(); ++i) units[i] = std::move(std::get<2>(ranked[i]));
    return units;
}

/// Number of images for a fraction of `images`: at least one, and at least one of `units` remains; none if there is one
/// unit only.
size_t share(double fraction, size_t images, size_t units) {
    if (fraction <= 0 || units < 2) return 0;
    const auto wanted = static_cast<size_t>(std::llround(fraction * static_cast<double>(images)));
    return std::clamp<size_t>(wanted, 1, images - 1);
}

void append(Unit&& unit, Samples& to) {
    std::move(unit.begin(), unit.end(), std::back_inserter(to));
}

/// Assigns units to splits, class by class, so that each class gives its share of images. A unit with images of several
/// classes is assigned once; classes of few units come first, as they have the least choice. No class gives away its
/// last unit.
class Assignment {
  public:
    Assignment(UnitsByClass classes, const std::vector<std::string>& names, uint64_t seed) {
        for (size_t c = 0; c < classes.size(); ++c) {
            Units units = drawn(std::move(classes[c]), names[c], seed, core::Purpose::kSplit);
            for (const Unit& unit : units) {
                parts_[unit_name(unit.front())].push_back({.of_class = c, .images = unit.size()});
            }
            const size_t images = images_in(units), count = units.size();
            classes_.push_back({.units = std::move(units), .images = images, .free = count});
            order_.push_back(c);
        }
        std::ranges::stable_sort(order_, {}, [&](size_t c) { return classes_[c].units.size(); });
    }

    /// Gives the split its share of each class, from the units that no split has yet.
    void give(Split split, double fraction) {
        for (Class& all : classes_) all.wanted = share(fraction, all.images, all.units.size());
        for (Class& all : classes_) all.given = 0;
        for (const size_t c : order_) {
            for (const Unit& images : classes_[c].units) {
                if (classes_[c].given >= classes_[c].wanted) break;
                const std::string unit = unit_name(images.front());
                if (split_of_.contains(unit) || is_last_of_a_class(unit)) continue;
                if (classes_[c].given > 0 && !comes_closer(unit)) continue;
                split_of_.emplace(unit, split);
                for (const Part& part : parts_.at(unit)) {
                    classes_[part.of_class].given += part.images;
                    --classes_[part.of_class].free;
                }
            }
        }
    }

    /// Moves the images of each split into it; training gets the units without a split.
    void distribute(Manifest& manifest) && {
        for (Class& all : classes_) {
            for (Unit& unit : all.units) {
                const auto found = split_of_.find(unit_name(unit.front()));
                const Split split = found == split_of_.end() ? Split::kTrain : found->second;
                append(std::move(unit), split == Split::kTrain ? manifest.train
                                        : split == Split::kVal ? manifest.val
                                                               : manifest.test);
            }
        }
    }

  private:
    struct Class {
        Units units;                   // in their drawn order
        size_t images = 0, free = 0;   // free: units without a split
        size_t wanted = 0, given = 0;  // images for and of the split that is filled
    };
    /// The images of a unit in one of its classes.
    struct Part {
        size_t of_class = 0, images = 0;
    };

    bool is_last_of_a_class(const std::string& unit) const {
        return std::ranges::any_of(parts_.at(unit), [&](const Part& part) { return classes_[part.of_class].free < 2; });
    }

    /// True if the shares of the unit's classes are nearer to what is wanted with it than without it.
    bool comes_closer(const std::string& unit) const {
        const auto gap = [](size_t a, size_t b) { return static_cast<int64_t>(a > b ? a - b : b - a); };
        int64_t gain = 0;
        for (const Part& part : parts_.at(unit)) {
            const Class& all = classes_[part.of_class];
            gain += gap(all.wanted, all.given) - gap(all.wanted, all.given + part.images);
        }
        return gain > 0;
    }

    std::vector<Class> classes_;
    std::vector<size_t> order_;
    std::map<std::string, std::vector<Part>> parts_;  // of each unit
    std::map<std::string, Split> split_of_;
};

/// Splits images without splits into test, val and train.
void split_unsplit(Manifest& manifest, const DataOptions& options, uint64_t seed) {
    Assignment assignment(by_class(std::exchange(manifest.unsplit, {}), manifest.classes.size()), manifest.classes,
                          seed);
    assignment.give(Split::kTest, options.test_fraction);
    assignment.give(Split::kVal, options.val_fraction);
    std::move(assignment).distribute(manifest);
}

/// Moves a part of the training split to val.
void split_train(Manifest& manifest, const DataOptions& options, uint64_t seed) {
    Assignment assignment(by_class(std::exchange(manifest.train, {}), manifest.classes.size()), manifest.classes, seed);
    assignment.give(Split::kVal, options.val_fraction);
    std::move(assignment).distribute(manifest);
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
    throw_if_any(std::move(problems), kShownClasses);
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
void refuse_too_few(const Manifest& manifest, const UnitsByClass& classes, int64_t shots, const std::string& kind) {
    std::vector<core::Problem> problems;
    for (size_t c = 0; c < classes.size(); ++c) {
        if (static_cast<int64_t>(classes[c].size()) >= shots) continue;
        const size_t images = images_in(classes[c]);
        const bool grouped = images != classes[c].size();
        problems.push_back(
            {.what = "class '" + manifest.classes[c] + "' has too few " + kind + (grouped ? " groups" : " images"),
             .where = manifest.root.string(),
             .expected = "at least " + std::to_string(shots) + " (data.shots)",
             .found = std::to_string(classes[c].size()) + (grouped ? " of " + counted(images, "image") : ""),
             .remedy = "lower data.shots or add images; val_fraction and test_fraction take their share first"});
    }
    throw_if_any(std::move(problems), kShownClasses);
}

/// Moves the first `count` units.
void move_front(Units& from, size_t count, Units& to) {
    const auto end = from.begin() + static_cast<std::ptrdiff_t>(count);
    std::move(from.begin(), end, std::back_inserter(to));
    from.erase(from.begin(), end);
}

/// Moves units from the front of each class's list to `to`, without their invalid images, until `to` has options.shots
/// of them. Problems of invalid images go to `unusable`. Reads all files that are still needed at once, so that all
/// processors have work.
void move_sound(UnitsByClass& from, UnitsByClass& to, const DataOptions& options,
                std::vector<core::Problem>& unusable) {
    const auto shots = static_cast<size_t>(options.shots);
    for (;;) {
        Units next;
        for (size_t c = 0; c < from.size(); ++c) {
            move_front(from[c], std::min(shots - to[c].size(), from[c].size()), next);
        }
        if (next.empty()) return;
        Samples images;
        for (const Unit& unit : next) images.insert(images.end(), unit.begin(), unit.end());
        std::vector<Inspection> found = inspect(images, Depth::kDecode, options.max_pixels, options.workers);
        auto inspection = found.begin();
        for (Unit& unit : next) {
            const auto label = static_cast<size_t>(unit.front().label);
            Unit sound;
            for (Sample& sample : unit) {
                if (inspection->problem) {
                    unusable.push_back(std::move(*inspection->problem));
                } else {
                    sound.push_back(std::move(sample));
                }
                ++inspection;
            }
            if (!sound.empty()) to[label].push_back(std::move(sound));
        }
    }
}

/// @return the problems of images that the draw skipped
std::vector<core::Problem> draw_shots(Manifest& manifest, const DataOptions& options, uint64_t seed) {
    UnitsByClass classes = by_class(std::exchange(manifest.train, {}), manifest.classes.size());
    refuse_too_few(manifest, classes, options.shots, "training");
    for (size_t c = 0; c < classes.size(); ++c) {
        classes[c] = drawn(std::move(classes[c]), manifest.classes[c], seed, core::Purpose::kShots);
    }
    std::vector<core::Problem> unusable;
    if (options.on_error == ErrorPolicy::kSkip) {
        UnitsByClass sound(classes.size());
        move_sound(classes, sound, options, unusable);
        refuse_too_few(manifest, sound, options.shots, "usable training");
        classes = std::move(sound);
    }
    for (Units& units : classes) {
        units.resize(static_cast<size_t>(options.shots));
        for (Unit& unit : units) append(std::move(unit), manifest.train);
    }
    return unusable;
}

/// Distributes the units of the training images to folds, and makes one fold the test split.
void hold_out_fold(Manifest& manifest, const DataOptions& options, uint64_t seed) {
    manifest.test.clear();
    UnitsByClass classes = by_class(std::exchange(manifest.train, {}), manifest.classes.size());
    std::vector<std::vector<std::string>> names(classes.size());
    for (size_t c = 0; c < classes.size(); ++c) {
        classes[c] = drawn(std::move(classes[c]), manifest.classes[c], seed, core::Purpose::kFolds);
        for (const Unit& unit : classes[c]) names[c].push_back(unit_name(unit.front()));
    }
    const std::map<std::string, int64_t> fold_of = deal_to_folds(names, options.folds);
    for (size_t c = 0; c < classes.size(); ++c) {
        for (size_t i = 0; i < classes[c].size(); ++i) {
            const bool held_out = fold_of.at(names[c][i]) == options.fold;
            append(std::move(classes[c][i]), held_out ? manifest.test : manifest.train);
        }
    }
}

}  // namespace

void require_all_there(const Manifest& manifest) {
    throw_if_any(manifest.missing);
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
             .where = options.place(),
             .remedy = drawn && options.group != kNoGroup
                           ? "set data.test_fraction, and give each class two groups or more (data.group=" +
                                 options.group + ")"
                       : drawn ? "set data.test_fraction, and give each class two images or more"
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
