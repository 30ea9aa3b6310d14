#include "app/commands/commands.hpp"
#include "app/console.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "data/formats/table.hpp"
#include "data/manifests/load.hpp"
#include "data/wording.hpp"
#include "evaluation/prediction_file.hpp"
#include "evaluation/records.hpp"
#include "training/run/classifier.hpp"
#include "training/run/run_folder.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <optional>

#include <fmt/format.h>

namespace kaziranga::app {
namespace {

struct PredictArguments {
    std::string source, output, detections;
    std::vector<std::string> inputs;  ///< images, folders and overrides; overrides contain '='
    std::string on_error = "row";
    int64_t topk = 5;
    bool overwrite = false;
};

/// True for "key.name=value", unless a file with that name exists.
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

void print(const evaluation::Prediction& p, const training::Classifier& classifier) {
    std::string line = p.name;
    if (p.box) {
        line += fmt::format(" [box {:.3f} {:.3f} {:.3f} {:.3f}, detector {:.0f}%]", p.box->x, p.box->y, p.box->width,
                            p.box->height, 100 * p.box->confidence);
    }
    line += ":";
    if (!p.problem.empty()) line += " not classified: " + p.problem;
    for (size_t k = 0; k < p.classes.size(); ++k) {
        line += fmt::format("{} {} {:.1f}%", k > 0 ? "," : "", title(classifier, p.classes[k]), 100 * p.confidence[k]);
    }
    say("{}", line);
}

/// Returns one line for each image of a piece, in order.
std::vector<evaluation::Prediction> predictions_of(const training::Piece& piece, const data::Samples& all,
                                                   const training::Classifier& classifier, int64_t topk) {
    const auto begin = all.begin() + static_cast<std::ptrdiff_t>(piece.first);
    const data::Samples images(begin, begin + piece.logits.size(0));
    auto lines = evaluation::rank(piece.logits, images, classifier.classes, topk);
    for (const auto& [row, failure] : piece.failed) {
        core::Problem problem = failure;
        problem.where.clear();  // the line names the image already
        const auto i = static_cast<size_t>(row);
        lines[i] = {.name = data::image_name(images[i]), .problem = core::to_line(problem), .box = images[i].box};
    }
    for (evaluation::Prediction& line : lines) {
        if (std::ranges::all_of(line.confidence, [](double share) { return std::isfinite(share); })) continue;
        line = {.name = line.name,
                .problem = "the model's answer is not a number; train it with a lower optimizer.lr",
                .box = line.box};
    }
    return lines;
}

void stop_at(const training::Piece& piece) {
    if (piece.failed.empty()) return;
    throw core::Error({piece.failed.front().second,
                       {.what = "stopped at an image that cannot be read",
                        .remedy = "mend or remove it and give the same command again, or use --on-error row"}});
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

void predict(const PredictArguments& arguments) {
    require_usable_output(arguments.output, arguments.overwrite);
    std::vector<std::string> paths, overrides;
    for (const std::string& input : arguments.inputs) (is_override(input) ? overrides : paths).push_back(input);
    const training::Classifier classifier = training::open_classifier(arguments.source, overrides);
    data::DataOptions options = training::options_of_other_images(classifier, overrides);
    if (!arguments.detections.empty()) options.detections = arguments.detections;
    const data::FoundImages found = data::find_images(paths, options);
    for (const core::Problem& warning : found.warnings) core::log().warn("{}", core::to_line(warning));
    const data::Samples& images = found.samples;
    // The images may change between two runs that write the same file, so their number is not used then.
    const training::PieceByPiece passes(classifier, arguments.output.empty() ? images.size() : 0);
    std::optional<evaluation::PredictionFile> file;
    if (!arguments.output.empty()) {
        file.emplace(arguments.output,
                     evaluation::PredictionFile::Contents{classifier.classes, arguments.topk, passes.identity()},
                     images, arguments.overwrite);
    }
    const data::Samples left = file ? file->left() : images;
    size_t unreadable = 0;
    passes.classify(left, {}, [&](const training::Piece& piece) {
        const auto lines = predictions_of(piece, left, classifier, arguments.topk);
        unreadable += piece.failed.size();
        if (file) {
            file->append(lines);
        } else {
            for (const evaluation::Prediction& line : lines) print(line, classifier);
        }
        if (arguments.on_error == "stop") stop_at(piece);
    });
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
                     "A .csv or .json file, which the same command goes on with after a stop; default: print")
        ->check(not_empty());
    verb->add_option("--on-error", arguments->on_error,
                     "What becomes of an image that cannot be read: row (a row with the reason) or stop")
        ->check(CLI::IsMember({"row", "stop"}))
        ->capture_default_str();
    verb->add_flag("--overwrite", arguments->overwrite, "Write --output although there is such a file");
    verb->callback([arguments] { predict(*arguments); });
}

}  // namespace kaziranga::app
