#include "app/commands/commands.hpp"
#include "app/console.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "data/formats/table.hpp"
#include "data/manifests/groups.hpp"
#include "data/manifests/load.hpp"
#include "data/wording.hpp"
#include "evaluation/allowed_classes.hpp"
#include "evaluation/events.hpp"
#include "evaluation/formats/table.hpp"
#include "evaluation/prediction_file.hpp"
#include "evaluation/records.hpp"
#include "training/run/classifier.hpp"
#include "training/run/run_folder.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace kaziranga::app {
namespace {

namespace fs = std::filesystem;

struct PredictArguments {
    std::string source, output, detections;
    std::vector<std::string> inputs;  ///< images, folders and overrides; overrides contain '='
    std::string format;               ///< empty: by the output's extension
    std::string event;                ///< empty: none
    std::string allow;                ///< file of the classes that can occur; empty: all can
    std::string on_error = "row";
    int64_t topk = 5;
    bool overwrite = false;
};

/// True for "key.name=value", unless a file with that name exists.
bool is_override(const std::string& text) {
    const size_t equals = text.find('=');
    if (equals == std::string::npos || text.find('/') < equals) return false;
    return !fs::exists(text);
}

std::string title(const training::Classifier& classifier, int64_t index) {
    const auto i = static_cast<size_t>(index);
    if (classifier.titles.empty()) return classifier.classes[i];
    return classifier.classes[i] + " (" + classifier.titles[i] + ")";
}

/// Lines for people: "a.jpg: deer 91.2%, frog 5.0%".
class LineWriter : public evaluation::PredictionWriter {
  public:
    explicit LineWriter(const training::Classifier& classifier) : classifier_(classifier) {}

    std::string row(const evaluation::Prediction& p) override { return line(p.name, p); }
    std::string event(const evaluation::Prediction& p) override { return line("event " + p.event, p); }

  private:
    std::string line(const std::string& name, const evaluation::Prediction& p) const {
        std::string text = name;
        if (p.box) {
            text += fmt::format(" [box {:.3f} {:.3f} {:.3f} {:.3f}, detector {:.0f}%]", p.box->x, p.box->y,
                                p.box->width, p.box->height, 100 * p.box->confidence);
        }
        text += ":";
        if (!p.problem.empty()) text += " not classified: " + p.problem;
        for (size_t k = 0; k < p.classes.size(); ++k) {
            text +=
                fmt::format("{} {} {:.1f}%", k > 0 ? "," : "", title(classifier_, p.classes[k]), 100 * p.confidence[k]);
        }
        return core::printable(text) + "\n";
    }

    const training::Classifier& classifier_;
};

/// What changes answers beside the model.
struct Rules {
    std::optional<evaluation::AllowedClasses> allowed;
    bool events = false;  ///< images are put into events
};

Rules rules_of(const PredictArguments& arguments, const training::Classifier& classifier, const data::Samples& images) {
    Rules rules{.allowed = {}, .events = !arguments.event.empty()};
    if (arguments.allow.empty()) return rules;
    rules.allowed.emplace(arguments.allow, classifier.classes);
    for (const core::Problem& warning : rules.allowed->warnings(images)) core::log().warn("{}", core::to_line(warning));
    return rules;
}

/// The identity of answers, so that those that are collected are not mixed with others.
core::Hash128 identity_of(const training::PieceByPiece& passes, const Rules& rules) {
    if (!rules.allowed) return passes.identity();
    const core::Hash128 model = passes.identity();
    core::Hasher hasher;
    hasher.add(&model, sizeof model);
    hasher.add_text(rules.allowed->text());
    return hasher.digest();
}

/// Returns one line for each image of a piece, in order.
std::vector<evaluation::Prediction> predictions_of(const training::Piece& piece, const data::Samples& all,
                                                   const training::Classifier& classifier, int64_t topk,
                                                   const Rules& rules) {
    const auto begin = all.begin() + static_cast<std::ptrdiff_t>(piece.first);
    const data::Samples images(begin, begin + piece.logits.size(0));
    const at::Tensor logits = rules.allowed ? rules.allowed->apply(piece.logits, images) : piece.logits;
    auto lines = evaluation::rank(logits, images, classifier.classes, topk);
    for (const auto& [row, failure] : piece.failed) {
        core::Problem problem = failure;
        problem.where.clear();  // the line names the image already
        const auto i = static_cast<size_t>(row);
        lines[i] = evaluation::unanswered(images[i]);
        lines[i].problem = core::to_line(problem);
    }
    for (size_t i = 0; i < lines.size(); ++i) {
        if (std::ranges::all_of(lines[i].confidence, [](double share) { return std::isfinite(share); })) continue;
        lines[i] = evaluation::unanswered(images[i]);
        lines[i].problem = "the model's answer is not a number; train it with a lower optimizer.lr";
    }
    for (size_t i = 0; rules.events && i < lines.size(); ++i) lines[i].event = data::unit_name(images[i]);
    return lines;
}

void stop_at(const training::Piece& piece) {
    if (piece.failed.empty()) return;
    throw core::Error({piece.failed.front().second,
                       {.what = "stopped at an image that cannot be read",
                        .remedy = "mend or remove it and give the same command again, or use --on-error row"}});
}

/// The form that --format names, or that of the output's extension.
const evaluation::PredictionFormat& format_of(const PredictArguments& arguments) {
    const std::string extension = fs::path(arguments.output).extension().string();
    if (arguments.format.empty()) {
        if (const auto* format = evaluation::prediction_format_with(extension)) return *format;
        throw core::Error({.what = "unknown kind of output",
                           .where = arguments.output,
                           .expected = "a name that ends in .csv, .json or .jsonl"});
    }
    const evaluation::PredictionFormat& format = *evaluation::prediction_format_named(arguments.format);
    if (!arguments.output.empty() && extension != format.extension) {
        throw core::Error({.what = "the output's name does not fit its format",
                           .where = arguments.output,
                           .expected = fmt::format("a name that ends in {}, for {}", format.extension, format.name)});
    }
    return format;
}

void require_usable_output(const std::string& output, bool overwrite) {
    if (output.empty()) return;
    const fs::path path(output);
    std::error_code code;
    if (!path.parent_path().empty() && !fs::is_directory(path.parent_path(), code)) {
        throw core::Error(
            {.what = "no folder for the output", .where = output, .remedy = "make it, or name another file"});
    }
    if (fs::exists(path, code) && !overwrite) throw evaluation::output_is_there(path);
    const training::RunFolder run{path.parent_path()};
    if (std::ranges::count(run.files(), path) > 0 && training::is_run(run)) {
        throw core::Error(
            {.what = "the output is a file of a run", .where = output, .remedy = "name another file with --output"});
    }
    if (fs::exists(path, code) && !evaluation::holds_predictions(path)) {
        throw core::Error({.what = "the output is there already, and holds no predictions",
                           .where = output,
                           .remedy = "move it away, or name another file with --output"});
    }
}

/// Finds the images, with their events and times as far as they are needed.
data::Samples images_of(const PredictArguments& arguments, const std::vector<std::string>& paths,
                        data::DataOptions options, bool needs_times) {
    if (!arguments.detections.empty()) options.detections = arguments.detections;
    if (!arguments.event.empty()) options.group = arguments.event;
    data::FoundImages found = data::find_images(paths, options);
    for (const core::Problem& warning : found.warnings) core::log().warn("{}", core::to_line(warning));
    if (!needs_times) return std::move(found.samples);
    data::read_times(found.samples, options.workers);
    std::vector<std::string> without;
    std::erase_if(found.samples, [&](const data::Sample& sample) {
        if (!sample.time) without.push_back(sample.name);
        return !sample.time;
    });
    if (without.empty()) return std::move(found.samples);
    const core::Problem problem = {
        .what = fmt::format("{} without a time, which --format {} needs", data::counted(without.size(), "image"),
                            arguments.format),
        .found = data::some_of(without),
        .remedy = "times come from EXIF or a table's column 'time'; --format csv needs none"};
    if (found.samples.empty()) throw core::Error(problem);
    core::log().warn("left out: {}", core::to_line(problem));
    return std::move(found.samples);
}

/// Writes predictions to standard output as they come.
class Printer {
  public:
    Printer(std::unique_ptr<evaluation::PredictionWriter> writer, const PredictArguments& arguments, size_t classes)
        : writer_(std::move(writer)), arguments_(arguments), events_(static_cast<int64_t>(classes)) {
        say_text(writer_->begin());
    }

    void append(std::vector<evaluation::Prediction> predictions) {
        for (evaluation::Prediction& p : predictions) {
            if (!p.event.empty()) events_.add(p);
            evaluation::shorten(p, arguments_.topk);
            say_text(writer_->row(p));
        }
    }

    void finish() {
        events_.each(arguments_.topk, [&](const evaluation::Prediction& event) { say_text(writer_->event(event)); });
        say_text(writer_->end());
    }

  private:
    std::unique_ptr<evaluation::PredictionWriter> writer_;
    const PredictArguments& arguments_;
    evaluation::EventAnswers events_;
};

/// The folder that programs open to see the images: the one that was named.
std::string base_of(const std::vector<std::string>& paths) {
    std::error_code code;
    return paths.size() == 1 && fs::is_directory(paths.front(), code) ? paths.front() : "";
}

void predict(const PredictArguments& arguments) {
    const bool formatted = !arguments.format.empty() || !arguments.output.empty();
    const evaluation::PredictionFormat& format = formatted ? format_of(arguments) : evaluation::kCsvPredictions;
    if (!arguments.event.empty() && !format.has_events) {
        throw core::Error({.what = fmt::format("--format {} has no place for the answers for events", format.name),
                           .where = "--event " + arguments.event,
                           .remedy = "take --format csv, json, jsonl or camtrap-dp, or leave --event out"});
    }
    require_usable_output(arguments.output, arguments.overwrite);
    std::vector<std::string> paths, overrides;
    for (const std::string& input : arguments.inputs) (is_override(input) ? overrides : paths).push_back(input);
    const training::Classifier classifier = training::open_classifier(arguments.source, overrides);
    const data::Samples images =
        images_of(arguments, paths, training::options_of_other_images(classifier, overrides), format.needs_times);
    const Rules rules = rules_of(arguments, classifier, images);
    // The images may change between two runs that write the same file, so their number is not used then.
    const training::PieceByPiece passes(classifier, arguments.output.empty() ? images.size() : 0);
    const evaluation::PredictionFile::Contents contents = {.classes = classifier.classes,
                                                           .topk = arguments.topk,
                                                           .identity = identity_of(passes, rules),
                                                           .format = format,
                                                           .events = rules.events,
                                                           .base = base_of(paths),
                                                           .program = "kaziranga " KAZIRANGA_VERSION};
    std::optional<evaluation::PredictionFile> file;
    std::optional<Printer> printer;
    if (!arguments.output.empty()) {
        file.emplace(arguments.output, contents, images, arguments.overwrite);
    } else {
        printer.emplace(formatted ? evaluation::writer_of(contents, images) : std::make_unique<LineWriter>(classifier),
                        arguments, classifier.classes.size());
    }
    const data::Samples left = file ? file->left() : images;
    size_t unreadable = 0;
    passes.classify(left, {}, [&](const training::Piece& piece) {
        auto lines = predictions_of(piece, left, classifier, contents.kept(), rules);
        unreadable += piece.failed.size();
        if (file) file->append(lines);
        if (printer) printer->append(std::move(lines));
        if (arguments.on_error == "stop") stop_at(piece);
    });
    if (printer) printer->finish();
    if (file) {
        file->finish();
        say("{} classified{}: {}", data::counted(images.size() - unreadable, "image"),
            unreadable > 0 ? fmt::format(", {} that cannot be read, with the reason in their rows", unreadable) : "",
            arguments.output);
    }
    if (unreadable < images.size()) return;
    throw core::Error({.what = "none of the images can be read",
                       .where = images.front().name,
                       .expected = "image files that end in " + data::formats::extension_list(),
                       .remedy = "see what is said of each; kaziranga predict RUN FOLDER takes a folder of images"});
}

}  // namespace

void add_predict(CLI::App& program) {
    auto* verb = program.add_subcommand("predict", "Say which class images belong to");
    const auto arguments = std::make_shared<PredictArguments>();
    verb->add_option("source", arguments->source,
                     "A run folder, a checkpoint file, or a config with head.type: pretrained")
        ->required();
    verb->add_option("images", arguments->inputs,
                     std::string("Image files, folders, tables (.csv) or a detector's JSON that name images, or - for "
                                 "names on standard input; ") +
                         kClassifierOverridesHelp)
        ->required();
    verb->add_option("--detections", arguments->detections,
                     "A detector's boxes for the images, as data.detections takes them: one answer a box")
        ->check(not_empty());
    verb->add_option("--topk", arguments->topk, "Classes an image")->check(CLI::Range(1, 1000))->capture_default_str();
    verb->add_option("--output", arguments->output,
                     "A file, which the same command goes on with after a stop; default: standard output")
        ->check(not_empty());
    std::string forms;
    for (const auto* form : evaluation::kPredictionFormats) forms += fmt::format("; {}: {}", form->name, form->help);
    verb->add_option("--format", arguments->format,
                     "Form of the output; default: by its extension .csv, .json or .jsonl, and lines for people on "
                     "standard output" +
                         forms)
        ->check(CLI::IsMember(evaluation::prediction_format_names()));
    verb->add_option("--event", arguments->event,
                     "Answers also for events, by the mean logits of their images and boxes. burst: images of a folder "
                     "within data.burst_seconds from each to the next; folder: its images; sequence or site: by that "
                     "column of a table")
        ->check(CLI::IsMember({"burst", "sequence", "site", "folder"}));
    verb->add_option("--allow", arguments->allow,
                     "Classes that can occur; the others get no answer. A text with one name a line, or a table (.csv) "
                     "with columns species and site. Classes such as empty, person and vehicle always can")
        ->check(CLI::ExistingFile);
    verb->add_option("--on-error", arguments->on_error,
                     "What becomes of an image that cannot be read: row (a row with the reason) or stop")
        ->check(CLI::IsMember({"row", "stop"}))
        ->capture_default_str();
    verb->add_flag("--overwrite", arguments->overwrite, "Write --output although there is such a file");
    verb->callback([arguments] { predict(*arguments); });
}

}  // namespace kaziranga::app
