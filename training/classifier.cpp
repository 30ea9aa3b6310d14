#include "training/classifier.hpp"

#include <ATen/ops/tensor.h>
#include <c10/core/GradMode.h>

#include "core/config/config.hpp"
#include "core/device.hpp"
#include "core/threads.hpp"
#include "models/imagenet.hpp"
#include "training/checkpoint.hpp"
#include "training/features.hpp"
#include "training/method.hpp"
#include "training/pretrained.hpp"
#include "training/run_folder.hpp"
#include "training/usable_images.hpp"

namespace kaziranga::training {
namespace {

namespace fs = std::filesystem;

Classifier from_config(const fs::path& path, const std::vector<std::string>& overrides) {
    auto options = core::config::load<Options>(path, overrides);
    if (options.head.type != "pretrained") {
        throw core::Error({.what = "the config's network has no trained output layer",
                           .where = path.string(),
                           .expected = "head.type: pretrained, a run folder or a checkpoint",
                           .remedy = "train it first"});
    }
    Classifier classifier;
    classifier.network = load_network(options.model, 0, static_cast<uint64_t>(options.seed)).network;
    classifier.architecture = models::find_architecture(options.model.name).name;
    classifier.preprocessing = resolve_preprocessing(models::find_architecture(options.model.name), options.data);
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
        if (is_of("model.") || is_of("head.") || is_of("features.test_views") || is_of("data.decode")) {
            throw core::Error({.what = text + ": a checkpoint fixes its own model and what images are made into for it",
                               .where = "command line",
                               .remedy = "leave it out, or train again with it"});
        }
    }
}

Classifier from_checkpoint(const fs::path& path, const std::vector<std::string>& overrides) {
    refuse_model_overrides(overrides);
    const Checkpoint checkpoint = load_checkpoint(path);
    const CheckpointInfo& info = checkpoint.info;
    Classifier classifier;
    classifier.options = core::config::parse<Options>(info.config, path.string() + " (its config)", overrides);
    classifier.architecture = info.architecture;
    classifier.preprocessing = info.preprocessing;
    classifier.classes = info.classes;
    if (info.classes.empty()) throw core::Error({.what = "the checkpoint names no classes", .where = path.string()});
    const models::Architecture& architecture = models::find_architecture(info.architecture);
    classifier.network = architecture.make(static_cast<int64_t>(info.classes.size()));
    if (info.head_spec.classes != classifier.network->num_classes() || !classifier.network->fits(info.head_spec)) {
        throw core::Error({.what = "the checkpoint's output layer does not fit its classes or its network",
                           .where = path.string(),
                           .remedy = "the file is damaged or was edited; take another copy"});
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
                           .remedy = "the file is damaged or was edited; take another copy"});
    }
    return classifier;
}

/// The views that a checkpoint names; it may be an edited one.
Views known_views(const std::vector<std::string>& names) {
    const auto known = view_names();
    for (const std::string& name : names) {
        if (std::find(known.begin(), known.end(), name) != known.end()) continue;
        throw core::Error({.what = "the checkpoint asks for a view that this program does not know",
                           .found = name,
                           .remedy = "use a newer version of the program"});
    }
    if (names.empty()) throw core::Error({.what = "the checkpoint asks for no view of an image"});
    return named_views(names);
}

fs::path weights_of_run(const fs::path& folder) {
    const RunFolder run{folder};
    for (const fs::path& file : {run.best(), run.last()}) {
        if (fs::exists(file)) return file;
    }
    throw core::Error({.what = "no trained weights in this folder",
                       .where = folder.string(),
                       .expected = run.best().string(),
                       .remedy = "finish the training (resume=true), or name a checkpoint file"});
}

}  // namespace

Classifier open_classifier(const fs::path& source, const std::vector<std::string>& overrides) {
    std::error_code code;
    if (fs::is_directory(source, code)) return from_checkpoint(weights_of_run(source), overrides);
    if (!fs::exists(source, code)) {
        throw core::Error({.what = "no such run, checkpoint or config", .where = source.string()});
    }
    const fs::path extension = source.extension();
    if (extension == ".yaml" || extension == ".yml") return from_config(source, overrides);
    return from_checkpoint(source, overrides);
}

Logits classify(const Classifier& classifier, const data::Samples& samples) {
    const Options& options = classifier.options;
    const c10::Device device = core::resolve_device(options.device);
    core::use_threads(options.threads);

    ImageSieve sieve(options.data.on_error, data::Depth::kStructure, options.data.max_pixels, options.data.workers);
    UsableImages images = sieve.inspect(samples);
    sieve.settle();

    const int64_t batch =
        std::min(resolve_batch_size(options.features.batch_size, device), std::max<int64_t>(1, images.samples.size()));
    const FeatureExtractor extractor(models::find_architecture(classifier.architecture), *classifier.network,
                                     {.preprocessing = classifier.preprocessing,
                                      .device = device,
                                      .precision = resolve_precision(options.features.precision, device),
                                      .batch_size = batch,
                                      .workers = options.data.workers,
                                      .max_pixels = options.data.max_pixels});
    const Features features =
        extractor.extract("classify", images.samples, images.contents, known_views(classifier.test_views), nullptr);
    const at::Tensor kept = at::tensor(sieve.drop(images, features.failed), at::kLong);
    sieve.settle();
    if (images.samples.empty()) throw core::Error({.what = "no image is left to classify"});

    return {models::mean_logits(*classifier.network->head(), features.x.index_select(0, kept)),
            std::move(images.samples), sieve.skipped()};
}

data::Samples evaluation_samples(const Classifier& classifier, const fs::path& folder) {
    if (!folder.empty()) return data::load_labelled_folder(folder, classifier.classes);
    const Options& options = classifier.options;
    if (options.data.root.empty()) {
        throw core::Error(
            {.what = "no images to evaluate on", .where = "val", .remedy = "name a labelled folder with --data"});
    }
    const data::Dataset dataset = data::load_dataset(options.data, static_cast<uint64_t>(options.seed));
    if (dataset.classes != classifier.classes) {
        throw core::Error({.what = "the data's classes are no longer those of the checkpoint",
                           .where = options.data.root,
                           .expected = std::to_string(classifier.classes.size()) + " classes",
                           .found = std::to_string(dataset.classes.size()) + " classes or other names",
                           .remedy = "name a labelled folder with --data"});
    }
    const data::Samples& samples = dataset.test.empty() ? dataset.val : dataset.test;
    if (samples.empty()) {
        throw core::Error({.what = "the data has neither a test nor a validation split",
                           .where = options.data.root,
                           .remedy = "name a labelled folder with --data"});
    }
    return samples;
}

}  // namespace kaziranga::training
