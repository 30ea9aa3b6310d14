#include "app/commands/commands.hpp"
#include "app/console.hpp"
#include "core/files.hpp"
#include "evaluation/records.hpp"
#include "training/classifier.hpp"
#include "training/run_folder.hpp"

#include <chrono>

#include <fmt/format.h>

namespace kaziranga::app {
namespace {

struct ValArguments {
    std::string source, data, output;
    bool overwrite = false;
    std::vector<std::string> overrides;
};

void write_records(const ValArguments& arguments, const training::Classifier& classifier,
                   const training::Logits& logits, const evaluation::Metrics& metrics, double seconds) {
    constexpr int64_t kShown = 5;
    const training::RunFolder folder{arguments.output};
    const at::Tensor labels = evaluation::labels_of(logits.images.samples);
    core::write_file(folder.metrics(), evaluation::metrics_json({{"test", metrics}}, {{"evaluate", seconds}}, {}));
    core::write_file(folder.per_class(),
                     evaluation::per_class_csv(evaluation::measure_classes(logits.values, labels), classifier.classes));
    core::write_file(
        folder.predictions(),
        evaluation::predictions_csv(evaluation::rank(logits.values, logits.images.samples, classifier.classes, kShown),
                                    classifier.classes));
    say("{}", folder.metrics().string());
}

void evaluate(const ValArguments& arguments) {
    using Clock = std::chrono::steady_clock;
    const auto start = Clock::now();
    const training::Classifier classifier = training::open_classifier(arguments.source, arguments.overrides);
    const data::Samples samples = training::evaluation_samples(classifier, arguments.data);
    if (!arguments.output.empty()) {
        training::require_free_folder(arguments.output, arguments.overwrite, "name another, or give --overwrite");
    }
    const training::Logits logits = training::classify(classifier, samples);
    const evaluation::Metrics metrics =
        evaluation::measure(logits.values, evaluation::labels_of(logits.images.samples));
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    say("{} images, {} classes: top-1 {:.2f} %, top-5 {:.2f} %, loss {:.4f}, macro F1 {:.4f}, ECE {:.4f}; {:.1f} s",
        metrics.n, classifier.classes.size(), metrics.top1, metrics.top5, metrics.loss, metrics.macro_f1, metrics.ece,
        seconds);
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
                     "A labelled folder of class folders; default: the run's own test split");
    verb->add_option("--output", arguments->output, "Folder for metrics.json, per_class.csv and predictions.csv");
    verb->add_flag("--overwrite", arguments->overwrite, "Write into --output although it holds something");
    verb->add_option("overrides", arguments->overrides, kClassifierOverridesHelp);
    verb->callback([arguments] { evaluate(*arguments); });
}

}  // namespace kaziranga::app
