#include "app/commands/commands.hpp"
#include "app/console.hpp"
#include "core/error.hpp"
#include "core/files.hpp"
#include "core/lock.hpp"
#include "core/log.hpp"
#include "data/listing.hpp"
#include "data/manifests/load.hpp"
#include "evaluation/records.hpp"
#include "training/run/classifier.hpp"
#include "training/run/judged_records.hpp"
#include "training/run/run_folder.hpp"

#include <chrono>
#include <filesystem>
#include <optional>

#include <fmt/format.h>

namespace kaziranga::app {
namespace {

struct ValArguments {
    std::string source, data, output, unknown_classes = "error";
    bool overwrite = false;
    std::vector<std::string> overrides;
};

void write_records(const ValArguments& arguments, const training::Classifier& classifier,
                   const training::Logits& logits, const evaluation::Metrics& metrics, double seconds) {
    const training::RunFolder folder{arguments.output};
    core::write_file(folder.metrics(), evaluation::metrics_json({{"test", metrics}}, {{"evaluate", seconds}}, {}));
    training::write_judged_records(folder, logits.values, logits.images.samples, classifier.classes);
    say("{}", folder.metrics().string());
}

training::EvaluationImages images_of(const ValArguments& arguments, const training::Classifier& classifier) {
    if (arguments.data.empty()) return training::own_images(classifier);
    const auto policy =
        arguments.unknown_classes == "skip" ? data::UnknownClasses::kSkip : data::UnknownClasses::kError;
    const data::DataOptions options = training::options_of_other_images(classifier, arguments.overrides);
    data::LabelledImages labelled = data::load_labelled(arguments.data, classifier.classes, policy, options);
    const std::string part = labelled.split.empty() ? "" : ", its " + labelled.split + "/";
    return {.what = arguments.data + part,
            .samples = std::move(labelled.samples),
            .unknown = std::move(labelled.unknown),
            .notes = std::move(labelled.warnings)};
}

/// Refuses an output folder that is a run folder or lies in a folder of images.
void require_output(const ValArguments& arguments, const training::Classifier& classifier) {
    if (training::is_run({arguments.output})) {
        throw core::Error({.what = "the output is the folder of a run, whose own figures lie there",
                           .where = arguments.output,
                           .remedy = "name another with --output"});
    }
    std::vector<std::string> places = classifier.options.data.places();
    if (!arguments.data.empty()) places.push_back(arguments.data);
    for (const std::string& root : places) {
        if (!data::holds(root, arguments.output)) continue;
        throw core::Error({.what = "the output lies among the images",
                           .where = arguments.output,
                           .remedy = "name a folder outside " + root + " with --output"});
    }
}

/// Checks the images before they are classified: images of the run must be unchanged; warns if the run was trained on
/// some of the other images.
void look(const training::EvaluationImages& images, const training::UsableImages& usable,
          const training::Classifier& classifier) {
    if (!classifier.splits) return;
    if (images.recorded) {
        std::vector<core::Problem> changed = classifier.splits->changed(usable);
        if (changed.empty()) return;
        if (classifier.options.data.on_error == data::ErrorPolicy::kSkip) {
            for (const core::Problem& problem : changed)
                core::log().warn("{}; judged as it is now", core::to_line(problem));
            return;
        }
        changed.push_back({.what = "images have changed since the run",
                           .remedy = "put them back, judge them as they are with data.on_error=skip, or name a "
                                     "labelled folder with --data"});
        throw core::Error(std::move(changed));
    }
    const size_t trained_on = classifier.splits->trained_on(usable);
    if (trained_on == 0) return;
    core::log().warn("{} of these {} images are among those that the run was trained on: what follows flatters it",
                     trained_on, usable.samples.size());
}

/// Refuses a file or folder among the overrides. Only predict takes images there.
void refuse_images_as_settings(const ValArguments& arguments) {
    for (const std::string& text : arguments.overrides) {
        std::error_code code;
        if (text.find('=') != std::string::npos || !std::filesystem::exists(text, code)) continue;
        throw core::Error({.what = "a file or folder, where settings are expected",
                           .where = text,
                           .expected = "section.key=value",
                           .remedy = "labelled images are named with --data " + text});
    }
}

void evaluate(const ValArguments& arguments) {
    using Clock = std::chrono::steady_clock;
    const auto start = Clock::now();
    refuse_images_as_settings(arguments);
    const training::Classifier classifier = training::open_classifier(arguments.source, arguments.overrides);
    const training::EvaluationImages images = images_of(arguments, classifier);
    for (const core::Problem& note : images.notes) core::log().warn("{}", core::to_line(note));
    std::optional<core::FolderLock> lock;
    if (!arguments.output.empty()) {
        require_output(arguments, classifier);
        lock.emplace(arguments.output, "name another with --output");
        training::require_free_folder(arguments.output, arguments.overwrite, "name another, or give --overwrite");
    }
    const training::Logits logits = training::classify(
        classifier, images.samples, [&](const training::UsableImages& usable) { look(images, usable, classifier); });
    const evaluation::Metrics metrics =
        evaluation::measure(logits.values, evaluation::labels_of(logits.images.samples));
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    say("{}:", images.what);
    say("{} images, {} classes: top-1 {:.2f} %, top-5 {:.2f} %, loss {:.4f}, macro F1 {:.4f}, ECE {:.4f}; {:.1f} s",
        metrics.n, classifier.classes.size(), metrics.top1, metrics.top5, metrics.loss, metrics.macro_f1, metrics.ece,
        seconds);
    for (const auto& [name, count] : images.unknown)
        say("not judged: {} image(s) of '{}', a class that the model does not know", count, name);
    if (!logits.skipped.empty()) say("{} image(s) left out", logits.skipped.size());
    if (!arguments.output.empty()) write_records(arguments, classifier, logits, metrics, seconds);
}

}  // namespace

void add_val(CLI::App& program) {
    auto* verb = program.add_subcommand("val", "Evaluate a run, a checkpoint or a complete pretrained network");
    const auto arguments = std::make_shared<ValArguments>();
    verb->add_option("source", arguments->source,
                     "A run folder, a checkpoint file, or a config with head.type: pretrained")
        ->required();
    verb->add_option("--data", arguments->data,
                     "A folder of class folders, or a CSV path,label of which all rows are judged; default: the run's "
                     "own test split")
        ->check(not_empty());
    verb->add_option("--unknown-classes", arguments->unknown_classes,
                     "Images of classes that the model does not know: error or skip")
        ->check(CLI::IsMember({"error", "skip"}))
        ->capture_default_str();
    verb->add_option("--output", arguments->output, "Folder for metrics.json, per_class.csv and predictions.csv")
        ->check(not_empty());
    verb->add_flag("--overwrite", arguments->overwrite, "Write into --output although it holds something");
    verb->add_option("overrides", arguments->overrides, kClassifierOverridesHelp);
    verb->callback([arguments] { evaluate(*arguments); });
}

}  // namespace kaziranga::app
