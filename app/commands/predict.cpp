#include "app/commands/commands.hpp"
#include "app/console.hpp"
#include "core/files.hpp"
#include "core/text.hpp"
#include "evaluation/records.hpp"
#include "training/classifier.hpp"

#include <filesystem>

#include <fmt/format.h>

namespace kaziranga::app {
namespace {

struct PredictArguments {
    std::string source, output;
    std::vector<std::string> inputs;  ///< images, folders and overrides, told apart by '='
    int64_t topk = 5;
    bool overwrite = false;
};

/// "key.name=value" is an override unless a file of that name exists.
bool is_override(const std::string& text) {
    const size_t equals = text.find('=');
    if (equals == std::string::npos || text.find('/') < equals) return false;
    return !std::filesystem::exists(text);
}

std::string title(const training::Classifier& classifier, int64_t index) {
    const auto i = static_cast<size_t>(index);
    if (classifier.titles.empty()) return classifier.classes[i];
    return classifier.classes[i] + " (" + classifier.titles[i] + ")";
}

void print(const std::vector<evaluation::Prediction>& predictions, const training::Classifier& classifier) {
    for (const evaluation::Prediction& p : predictions) {
        std::string line = p.name + ":";
        for (size_t k = 0; k < p.classes.size(); ++k) {
            line +=
                fmt::format("{} {} {:.1f}%", k > 0 ? "," : "", title(classifier, p.classes[k]), 100 * p.confidence[k]);
        }
        say("{}", line);
    }
}

void require_usable_output(const std::string& output, bool overwrite) {
    namespace fs = std::filesystem;
    if (output.empty()) return;
    const fs::path path(output);
    if (path.extension() != ".csv" && path.extension() != ".json") {
        throw core::Error({.what = "unknown kind of output", .where = output, .expected = ".csv or .json"});
    }
    std::error_code code;
    if (!path.parent_path().empty() && !fs::is_directory(path.parent_path(), code)) {
        throw core::Error(
            {.what = "no folder for the output", .where = output, .remedy = "make it, or name another file"});
    }
    if (fs::exists(path, code) && !overwrite) {
        throw core::Error({.what = "the output is there already",
                           .where = output,
                           .remedy = "name another file, or give --overwrite"});
    }
}

void predict(const PredictArguments& arguments) {
    require_usable_output(arguments.output, arguments.overwrite);
    std::vector<std::filesystem::path> paths;
    std::vector<std::string> overrides;
    for (const std::string& input : arguments.inputs) {
        if (is_override(input)) {
            overrides.push_back(input);
        } else {
            paths.emplace_back(input);
        }
    }
    const training::Classifier classifier = training::open_classifier(arguments.source, overrides);
    const training::Logits logits = training::classify(classifier, data::list_images(paths));
    const auto predictions = evaluation::rank(logits.values, logits.samples, classifier.classes, arguments.topk);
    if (arguments.output.empty()) {
        print(predictions, classifier);
        return;
    }
    const bool csv = std::filesystem::path(arguments.output).extension() == ".csv";
    core::write_file(arguments.output, csv ? evaluation::predictions_csv(predictions, classifier.classes)
                                           : evaluation::predictions_json(predictions, classifier.classes));
    say("{} images classified: {}", predictions.size(), arguments.output);
}

}  // namespace

void add_predict(CLI::App& program) {
    auto* verb = program.add_subcommand("predict", "Say which class images belong to");
    const auto arguments = std::make_shared<PredictArguments>();
    verb->add_option("source", arguments->source,
                     "A run folder, a checkpoint file, or a config with head.type: pretrained")
        ->required();
    verb->add_option("images", arguments->inputs, std::string("Image files and folders; ") + kClassifierOverridesHelp)
        ->required();
    verb->add_option("--topk", arguments->topk, "Classes an image")->check(CLI::Range(1, 1000))->capture_default_str();
    verb->add_option("--output", arguments->output, "A .csv or .json file; default: print");
    verb->add_flag("--overwrite", arguments->overwrite, "Write --output although there is such a file");
    verb->callback([arguments] { predict(*arguments); });
}

}  // namespace kaziranga::app
