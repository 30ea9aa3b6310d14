#include "training/run/requirements.hpp"

#include "core/text.hpp"
#include "data/listing.hpp"
#include "data/manifests/table.hpp"
#include "training/loop/unfreezing.hpp"
#include "training/run/tuning.hpp"

#include <filesystem>
#include <utility>

#include <fmt/format.h>

namespace kaziranga::training {
namespace {

namespace fs = std::filesystem;
using core::Problem;
using Problems = std::vector<Problem>;

void append(Problems& all, const Problems& more) {
    all.insert(all.end(), more.begin(), more.end());
}

/// The problems of output folders: files and features of a run must not lie among the user's photographs.
Problems outputs_among_images(const Options& options) {
    Problems problems;
    for (const auto& [key, path] :
         {std::pair{"output", options.output}, std::pair{"features.cache", options.features.cache}}) {
        for (const std::string& place : options.data.places()) {
            if (!data::format_of(options.data, place).among_images || !data::holds(place, path)) continue;
            problems.push_back({.what = std::string(key) + ": the folder lies among the images",
                                .where = path,
                                .expected = "a folder outside " + place,
                                .remedy = "name another with " + std::string(key) + "=…"});
        }
    }
    return problems;
}

/// The problems of classes: a class without any usable training image cannot be learned.
Problems classes_without_images(const std::vector<std::string>& classes, const data::Samples& train) {
    std::vector<bool> seen(classes.size(), false);
    for (const data::Sample& sample : train) seen[static_cast<size_t>(sample.label)] = true;
    Problems problems;
    for (size_t k = 0; k < classes.size(); ++k) {
        if (seen[k]) continue;
        problems.push_back({.what = "no usable training image is left of this class",
                            .where = classes[k],
                            .remedy = "mend or add images of it, or take the class out"});
    }
    return problems;
}

/// The problems of keys that depend on validation when there are no images to validate on.
Problems missing_validation(const Options& options, const data::Samples& val) {
    const bool loops = !(options.model.frozen_backbone() && options.head.solved());
    if (!loops || !val.empty()) return {};
    Problems problems;
    const auto ask = [&](const char* key, bool asked) {
        if (!asked) return;
        problems.push_back(
            {.what = std::string(key) + " waits for a better validation, and there is no validation split",
             .where = options.data.place(),
             .remedy = "set data.val_fraction, or add images in val/"});
    };
    ask("train.patience", options.train.patience > 0);
    ask("scheduler.name: plateau", options.scheduler.name == Schedule::kPlateau);
    return problems;
}

}  // namespace

Problems problems_of_options(const Options& options) {
    Problems problems;
    if (options.head.type == HeadKind::kPretrained) {
        problems.push_back({.what = "head.type: pretrained has nothing to train",
                            .where = "config",
                            .remedy = "use val or predict with this config, or head.type=linear"});
    }
    // A checkpoint leaves out paths of another machine, perhaps one of the three alone, so its config may lack train.
    for (const auto& [key, path] : {std::pair{"data.val", &options.data.val}, {"data.test", &options.data.test}}) {
        if (path->empty() || !options.data.train.empty()) continue;
        problems.push_back({.what = std::string(key) + ": there is no train beside it",
                            .where = "config",
                            .remedy = "name the training images with data.train"});
    }
    if (!options.data.named()) {
        problems.push_back({.what = "data.root: no images named",
                            .where = "config",
                            .remedy = "write it into the config or give data.root=FOLDER"});
    }
    if (!options.tune.grid.empty() && options.data.folds > 0) {
        problems.push_back({.what = "tune.grid and data.folds: settings would be chosen by images of the fold that is "
                                    "held out to judge them",
                            .where = "config",
                            .remedy = "leave one of them out"});
    }
    append(problems, problems_of_settings(options));
    append(problems, outputs_among_images(options));
    return problems;
}

Problems problems_of_classes(const Options& options, const std::vector<std::string>& classes) {
    Problems problems;
    constexpr size_t kLongestName = 255;  // bytes, the limit of a folder's name
    for (const std::string& name : classes) {
        if (!core::is_plain_text(name)) {
            problems.push_back({.what = "a class name that is not plain UTF-8 text on one line",
                                .where = name,
                                .remedy = "rename the folder or the label"});
        } else if (name.size() > kLongestName) {
            problems.push_back({.what = "a class name longer than any folder's",
                                .where = name.substr(0, kLongestName),
                                .expected = fmt::format("at most {} bytes", kLongestName),
                                .found = std::to_string(name.size()),
                                .remedy = "give the class a shorter label"});
        }
    }
    const auto& wanted = options.model.num_classes;
    if (!wanted.is_auto() && *wanted.value != static_cast<int64_t>(classes.size())) {
        problems.push_back({.what = "model.num_classes is not the number of classes in the data",
                            .where = options.data.place(),
                            .expected = std::to_string(*wanted.value),
                            .found = std::to_string(classes.size()),
                            .remedy = "leave it auto"});
    }
    return problems;
}

Problems problems_of_images(const Options& options, const std::vector<std::string>& classes, const data::Samples& train,
                            const data::Samples& val) {
    Problems problems = classes_without_images(classes, train);
    append(problems, missing_validation(options, val));
    return problems;
}

Problems problems_of_network(const Options& options, const models::LoadedNetwork& loaded) {
    Problems problems;
    if (!options.model.frozen_backbone()) {
        try {
            Unfreezing(*loaded.network, options.model.freeze, options.train.unfreeze);
        } catch (const core::Error& error) {
            problems = error.problems();
        }
    }
    if (options.head.takes(InputKind::kSource) && !loaded.source.defined()) {
        problems.push_back({.what = "head.inputs: there are no source classes to describe images by",
                            .where = "model.weights",
                            .expected = "weights with the output layer that they were trained with",
                            .remedy = "use head.inputs=features, or complete weights"});
    }
    return problems;
}

void refuse(Problems problems) {
    if (!problems.empty()) throw core::Error(std::move(problems));
}

}  // namespace kaziranga::training
