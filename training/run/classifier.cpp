#include "training/run/classifier.hpp"

#include "core/config/config.hpp"
#include "core/device.hpp"
#include "core/interrupt.hpp"
#include "core/log.hpp"
#include "core/progress.hpp"
#include "core/threads.hpp"
#include "data/formats/table.hpp"
#include "data/listing.hpp"
#include "data/manifests/load.hpp"
#include "data/wording.hpp"
#include "models/head_forms.hpp"
#include "models/imagenet.hpp"
#include "models/pretrained.hpp"
#include "training/features/extraction.hpp"
#include "training/run/checkpoint.hpp"
#include "training/run/method.hpp"
#include "training/run/run_folder.hpp"
#include "training/run/usable_images.hpp"

#include <chrono>

#include <ATen/ops/cat.h>
#include <ATen/ops/tensor.h>
#include <c10/core/GradMode.h>
#include <nlohmann/json.hpp>

namespace kaziranga::training {
namespace {

namespace fs = std::filesystem;

Classifier from_config(const fs::path& path, const std::vector<std::string>& overrides) {
    auto options = core::config::load<Options>(path, overrides);
    if (options.head.type != HeadKind::kPretrained) {
        throw core::Error({.what = "the config's network has no trained output layer",
                           .where = path.string(),
                           .expected = "head.type: pretrained, a run folder or a checkpoint",
                           .remedy = "train it first"});
    }
    Classifier classifier;
    classifier.network = models::load_network(options.model, 0, static_cast<uint64_t>(options.seed)).network;
    classifier.architecture = &models::find_architecture(options.model.name);
    classifier.preprocessing = resolve_preprocessing(*classifier.architecture, options.data);
    for (const models::ImagenetClass& known : models::imagenet_classes()) {
        classifier.classes.push_back(known.wnid);
        classifier.titles.push_back(known.name);
    }
    const auto outputs = static_cast<size_t>(classifier.network->num_classes());
    if (outputs != classifier.classes.size()) {
        throw core::Error({.what = "the output layer is not that of ImageNet's 1,000 classes",
                           .where = path.string(),
                           .found = std::to_string(outputs) + " outputs"});
    }
    classifier.test_views = options.features.test_views;
    classifier.options = std::move(options);
    return classifier;
}

void refuse_model_overrides(const std::vector<std::string>& overrides) {
    for (const std::string& text : overrides) {
        const auto is_of = [&](const char* section) { return text.starts_with(section); };
        if (is_of("model.") || is_of("head.") || is_of("features.test_views") || is_of("data.decode") ||
            is_of("data.crop.margin") || is_of("data.crop.square")) {
            throw core::Error({.what = text + ": a checkpoint fixes its own model and what images are made into for it",
                               .where = "command line",
                               .remedy = "leave it out, or train again with it"});
        }
    }
}

constexpr const char* kAnotherCopy = "the file is damaged or was edited; take another copy";

Classifier from_checkpoint(const fs::path& path, const std::vector<std::string>& overrides) {
    refuse_model_overrides(overrides);
    const Checkpoint checkpoint = load_checkpoint(path);
    const CheckpointInfo& info = checkpoint.info;
    Classifier classifier;
    // The batch size depends on the machine that classifies, not on the one that trained.
    std::vector<std::string> here = {"features.batch_size=auto"};
    here.insert(here.end(), overrides.begin(), overrides.end());
    classifier.options = core::config::parse<Options>(info.config, path.string() + " (its config)", here);
    classifier.architecture = &models::find_architecture(info.architecture);
    classifier.preprocessing = info.preprocessing;
    classifier.classes = info.classes;
    if (info.classes.empty()) throw core::Error({.what = "the checkpoint names no classes", .where = path.string()});
    constexpr int64_t kAnyNumber = 1;  // the output layer is replaced
    classifier.network = classifier.architecture->make(kAnyNumber);
    if (!classifier.network->fits(info.head_spec)) {
        throw core::Error({.what = "the checkpoint's output layer does not fit its network",
                           .where = path.string(),
                           .remedy = kAnotherCopy});
    }
    classifier.network->set_head(models::make_head(info.head_spec));
    classifier.test_views = info.test_views;
    models::load_state_dict(*classifier.network, checkpoint.weights, {.source = path.string(), .classifier_name = ""});
    classifier.network->eval();
    const std::string backbone = hash_backbone(*classifier.network).hex(), head = hash_head(*classifier.network).hex();
    if (backbone != info.backbone_hash || head != info.head_hash) {
        throw core::Error({.what = "the checkpoint's weights are not those it was written with",
                           .where = path.string(),
                           .expected = "hashes " + info.backbone_hash + " and " + info.head_hash,
                           .found = backbone + " and " + head,
                           .remedy = kAnotherCopy});
    }
    const std::string problem = classifier.network->head()->problem();
    if (!problem.empty()) {
        throw core::Error({.what = "the checkpoint's output layer cannot be used",
                           .where = path.string(),
                           .found = problem,
                           .remedy = kAnotherCopy});
    }
    return classifier;
}

constexpr const char* kSources = "a run's folder, a checkpoint (.safetensors) or a config (.yaml)";

/// The error for images in the place of a run: the user swapped the arguments.
core::Error images_not_run(const fs::path& path) {
    return core::Error({.what = "images, where the run comes first",
                        .where = path.string(),
                        .expected = kSources,
                        .remedy = "write kaziranga predict RUN IMAGES, or val RUN --data IMAGES"});
}

/// Throws an error that describes a folder that is not a run.
[[noreturn]] void refuse_as_no_run(const fs::path& folder) {
    std::vector<std::string> runs;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
        if (is_run({entry.path()})) runs.push_back(entry.path().string());
    }
    std::ranges::sort(runs);
    if (runs.empty() && !data::list_below(folder).images.empty()) throw images_not_run(folder);
    throw core::Error({.what = runs.empty() ? "no run in this folder" : "a folder of runs",
                       .where = folder.string(),
                       .expected = kSources,
                       .found = data::listed(runs),
                       .remedy = runs.empty() ? "name the folder that a training wrote" : "name one of them"});
}

fs::path weights_of_run(const fs::path& folder) {
    const RunFolder run{folder};
    if (fs::exists(run.best())) return run.best();
    if (fs::exists(run.last())) {
        core::log().warn("{} is not there; what follows is of {}", run.best().string(), run.last().string());
        return run.last();
    }
    std::error_code code;
    if (!fs::exists(run.config(), code) && !fs::exists(run.log(), code)) refuse_as_no_run(folder);
    throw core::Error({.what = "no trained weights in this folder",
                       .where = folder.string(),
                       .expected = run.best().string(),
                       .remedy = fs::exists(run.state())
                                     ? "finish the training (resume=true), or name a checkpoint file"
                                     : "train it, or name a checkpoint file"});
}

/// True if the command line says where the labelled images are.
bool name_data(const std::vector<std::string>& overrides) {
    return std::ranges::any_of(overrides, [](const std::string& key) {
        return key.starts_with("data.root=") || key.starts_with("data.train=");
    });
}

/// Opens a checkpoint. If the checkpoint lies in a run, includes the list of the run's images.
Classifier of_run(const fs::path& checkpoint, const RunFolder& run, const std::vector<std::string>& overrides) {
    Classifier classifier = from_checkpoint(checkpoint, overrides);
    std::error_code code;
    const bool inside = fs::equivalent(checkpoint, run.best(), code) || fs::equivalent(checkpoint, run.last(), code);
    if (!inside) return classifier;
    if (fs::exists(run.splits(), code)) classifier.splits.emplace(run.splits());
    // The checkpoint names no folders, as they may be another machine's.
    if (!name_data(overrides) && fs::exists(run.config(), code))
        classifier.options.data.take_places(core::config::load<Options>(run.config(), overrides).data);
    return classifier;
}

}  // namespace

Classifier open_classifier(const fs::path& source, const std::vector<std::string>& overrides) {
    std::error_code code;
    if (fs::is_directory(source, code)) return of_run(weights_of_run(source), RunFolder{source}, overrides);
    if (!fs::exists(source, code)) {
        throw core::Error({.what = "no such run, checkpoint or config",
                           .where = source.string(),
                           .expected = kSources,
                           .remedy = "look at the path and its spelling"});
    }
    if (data::formats::is_image_name(source.string())) throw images_not_run(source);
    const fs::path extension = source.extension();
    if (extension == ".yaml" || extension == ".yml") return from_config(source, overrides);
    if (extension == ".pth" || extension == ".pt") {
        throw core::Error({.what = "weights of PyTorch, no checkpoint of this program",
                           .where = source.string(),
                           .expected = kSources,
                           .remedy = "name them in model.weights of a config: with head.type: pretrained to use their "
                                     "own classes, else to train a head of yours"});
    }
    return of_run(source, RunFolder{fs::absolute(source).parent_path().parent_path()}, overrides);
}

data::DataOptions options_of_other_images(const Classifier& classifier, const std::vector<std::string>& overrides) {
    data::DataOptions options = core::config::parse<Options>("", "command line", overrides).data;
    options.crop = classifier.options.data.crop;
    return options;
}

PieceByPiece::PieceByPiece(const Classifier& classifier, size_t images) : classifier_(classifier) {
    const Options& options = classifier.options;
    const c10::Device device = core::resolve_device(options.device);
    core::use_threads(options.threads);
    FeatureExtractor::Settings settings =
        FeatureExtractor::settings_of(options.features, options.data, classifier.preprocessing, device);
    if (images > 0) settings.batch_size = std::min(static_cast<int64_t>(images), settings.batch_size);
    extractor_ = std::make_unique<FeatureExtractor>(*classifier.architecture, *classifier.network, settings);
}

PieceByPiece::~PieceByPiece() = default;

core::Hash128 PieceByPiece::identity() const {
    core::Hasher hasher;
    const core::Hash128 parts[] = {extractor_->kind().hash, hash_head(*classifier_.network)};
    hasher.add(parts, sizeof parts);
    hasher.add_text(models::head_spec_json(classifier_.network->head()->spec()).dump());
    for (const ViewKind view : classifier_.test_views) hasher.add_text(core::config::word_of(view));
    hasher.add(&classifier_.options.data.max_pixels, sizeof classifier_.options.data.max_pixels);
    return hasher.digest();
}

void PieceByPiece::classify(const data::Samples& samples, const std::vector<core::Hash128>& contents,
                            const std::function<void(const Piece&)>& on_piece) const {
    using Clock = std::chrono::steady_clock;
    constexpr auto kLongEnough = std::chrono::seconds(1);  // least time of a piece, so that little is lost at its end
    constexpr size_t kFirstPiece = 64, kLargestPiece = 4096;
    core::Phase progress("classify", static_cast<int64_t>(samples.size()), "images");
    const Views views = views_of(classifier_.test_views);
    size_t first = 0, size = kFirstPiece;
    while (first < samples.size()) {
        core::throw_if_interrupted();
        const Clock::time_point start = Clock::now();
        const size_t end = std::min(first + size, samples.size());
        const auto at = [&](const auto& all, size_t i) { return all.begin() + static_cast<std::ptrdiff_t>(i); };
        const data::Samples part(at(samples, first), at(samples, end));
        const std::vector<core::Hash128> known =
            contents.empty() ? contents : std::vector<core::Hash128>(at(contents, first), at(contents, end));
        on_piece(classify_piece(first, part, known, views));
        progress.advance(static_cast<int64_t>(part.size()));
        first = end;
        if (Clock::now() - start < kLongEnough) size = std::min(2 * size, kLargestPiece);
    }
}

Piece PieceByPiece::classify_piece(size_t first, const data::Samples& samples,
                                   const std::vector<core::Hash128>& contents, const Views& views) const {
    Features features = extractor_->extract("", samples, contents, views, nullptr);
    return {first, models::mean_logits(*classifier_.network->head(), features.x), std::move(features.failed)};
}

Logits classify(const Classifier& classifier, const data::Samples& samples,
                const std::function<void(const UsableImages&)>& look) {
    const Options& options = classifier.options;
    ImageSieve sieve(options.data.on_error, data::Depth::kStructure, options.data.max_pixels, options.data.workers);
    UsableImages images = sieve.inspect(samples);
    sieve.settle();
    if (look) look(images);
    std::vector<at::Tensor> logits;
    std::vector<std::pair<int64_t, core::Problem>> failed;
    const PieceByPiece passes(classifier, images.samples.size());
    passes.classify(images.samples, images.contents, [&](const Piece& piece) {
        logits.push_back(piece.logits);
        for (const auto& [row, problem] : piece.failed) {
            failed.emplace_back(static_cast<int64_t>(piece.first) + row, problem);
        }
    });
    const at::Tensor kept = at::tensor(sieve.drop(images, failed), at::kLong);
    sieve.settle();
    if (images.samples.empty()) throw core::Error({.what = "no image is left to classify"});
    return {at::cat(logits).index_select(0, kept), std::move(images), sieve.skipped()};
}

EvaluationImages own_images(const Classifier& classifier) {
    const Options& options = classifier.options;
    if (!options.data.named()) {
        throw core::Error({.what = "no images to evaluate on",
                           .where = "val",
                           .remedy = "name a labelled folder or CSV with --data"});
    }
    EvaluationImages images;
    if (classifier.splits) {
        images.what = "the run's " + classifier.splits->judged() + " split";
        images.recorded = true;
        images.samples = classifier.splits->find(data::read_manifest(options.data), classifier.classes,
                                                 options.data.on_error == data::ErrorPolicy::kSkip, images.notes);
    } else {
        const data::Dataset dataset = data::load_dataset(options.data, static_cast<uint64_t>(options.seed));
        if (dataset.classes != classifier.classes) {
            throw core::Error({.what = "the data's classes are no longer those of the checkpoint",
                               .where = options.data.place(),
                               .expected = std::to_string(classifier.classes.size()) + " classes",
                               .found = std::to_string(dataset.classes.size()) + " classes or other names",
                               .remedy = "name a labelled folder or CSV with --data"});
        }
        images.what = dataset.test.empty() ? "the validation split" : "the test split";
        images.samples = dataset.test.empty() ? dataset.val : dataset.test;
        const bool drawn = options.data.val_fraction + options.data.test_fraction > 0 || options.data.folds > 0;
        if (drawn) {
            images.notes.push_back({.what = "the split is drawn anew from the images that are there now; if some were "
                                            "added or removed since, images that were trained on may be among them",
                                    .where = options.data.place(),
                                    .remedy = "name the run's folder, whose splits.csv says which they were"});
        }
    }
    if (images.samples.empty()) {
        throw core::Error({.what = "the data has neither a test nor a validation split",
                           .where = options.data.place(),
                           .remedy = "name a labelled folder or CSV with --data"});
    }
    return images;
}

}  // namespace kaziranga::training
