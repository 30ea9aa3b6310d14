#include "training/options.hpp"

#include "core/device.hpp"
#include "core/text.hpp"

#include <algorithm>

namespace kaziranga::training {

using core::config::Description;
using core::config::Problems;

void TuneOptions::describe(Description<TuneOptions>& d) {
    d.field("grid", &TuneOptions::grid,
            "Keys to tune before training and the values to try: {key: [first, others…]}. Keys are tried one after "
            "another and each value is judged on held-out training images; values beyond the end of a list of numbers "
            "are tried while that gains more than a standard error. The best values are then used to train on all "
            "training images (see tuning.csv)");
    d.field("folds", &TuneOptions::folds,
            "Number of folds into which the training images are split for tuning. More folds leave more images to "
            "train on, but take longer")
        .at_least(2)
        .at_most(1000)
        .unit("folds");
    d.field("turns", &TuneOptions::turns,
            "Number of these folds that are held out in turn; 0: all. Fewer are faster but less certain")
        .at_least(0)
        .at_most(1000)
        .unit("folds");
    d.field("rounds", &TuneOptions::rounds,
            "Largest number of passes over the list of keys; tuning ends earlier if a pass changes nothing. Raise it "
            "if the best value of one key depends on another key")
        .at_least(1)
        .at_most(100);
    d.check([](const TuneOptions& o, Problems& problems) {
        if (o.turns > o.folds) problems.add("turns", "more than there are folds", "at most tune.folds");
        for (const auto& [key, values] : o.grid) {
            if (values.empty())
                problems.add("grid", "'" + key + "' has no values", "list at least one, or leave the key out");
            const bool ours = key.starts_with("tune.") || key.starts_with("data.") || key == "output" ||
                              key == "seed" || key == "resume" || key == "overwrite";
            if (ours) problems.add("grid", "'" + key + "' says what is trained on, or where", "leave it out");
        }
    });
}

namespace {

void check_loop(const Options& o, Problems& problems) {
    if (o.scheduler.name == Schedule::kOneCycle && o.optimizer.momentum != OptimizerOptions{}.momentum) {
        problems.add("optimizer.momentum", "one_cycle takes momentum from 0.95 to 0.85 and back",
                     "leave it out, or use another scheduler.name");
    }
    if (o.scheduler.warmup_epochs > static_cast<double>(o.train.epochs)) {
        problems.add("scheduler.warmup_epochs", "longer than the whole training", "keep it below train.epochs");
    }
    if (o.scheduler.min_lr > o.optimizer.lr) {
        problems.add("scheduler.min_lr", "above optimizer.lr", "the rate goes from optimizer.lr down to it");
    }
    if (o.train.l2_sp > 0 && o.model.weights == "random") {
        problems.add("train.l2_sp", "random weights are nothing to be pulled towards", "leave it 0");
    }
}

/// Reports keys that have no effect in the kind of training that the options ask for.
void check_without_effect(const Options& o, Problems& problems) {
    const char* remedy = "name what is to be trained in model.freeze, or leave it out";
    if (o.model.frozen_backbone()) {
        if (!o.train.unfreeze.empty()) {
            problems.add("train.unfreeze", "model.freeze: backbone trains a head on features that are computed once",
                         "name the modules that begin frozen in model.freeze instead");
        }
        if (o.augment.mixup > 0)
            problems.add("augment.mixup", "mixes images, which a frozen backbone sees once", remedy);
        if (o.augment.cutmix > 0)
            problems.add("augment.cutmix", "mixes images, which a frozen backbone sees once", remedy);
        if (o.train.l2_sp > 0) problems.add("train.l2_sp", "a frozen backbone stays where it is", remedy);
        const auto heads = o.head.type == HeadKind::kAuto ? o.head.candidates : std::vector{o.head.type};
        const bool adjustable = std::ranges::any_of(
            heads, [](HeadKind head) { return type_of(head).linear || type_of(head).origin == HeadOrigin::kTrained; });
        if (o.balance.logit_adjustment > 0 && !adjustable) {
            problems.add("balance.logit_adjustment",
                         core::join(core::config::words_of_all(heads), " and ") + " have no biases to adjust",
                         "use another head, or leave it 0");
        }
        if (!o.train.image_size.is_auto())
            problems.add("train.image_size", "a frozen backbone sees the network's own size", remedy);
        return;
    }
    const auto not_trainable = [](HeadKind head) { return !type_of(head).starts_backbone; };
    if (not_trainable(o.head.type))
        problems.add("head.type", "neighbours cannot be trained with the backbone", "use another head");
    if (o.head.type == HeadKind::kAuto && std::ranges::any_of(o.head.candidates, not_trainable)) {
        problems.add("head.candidates", "neighbours cannot be trained with the backbone", "leave knn out");
    }
    if (o.model.batch_norm == models::BatchNormStatistics::kTrain && !o.train.image_size.is_auto() &&
        *o.train.image_size.value == 32) {
        problems.add("train.image_size",
                     "32 pixels leave one value a channel in the last stage, no statistics for batch_norm: train",
                     "use 33 or more");
    }
    if (!o.head.solved()) {
        const char* reason = "only a head that starts solved sees features";
        const char* use = "leave it out, or use head.type: logistic";
        if (o.features.random_views > 0) problems.add("features.random_views", reason, use);
        if (o.features.train_views != FeatureOptions{}.train_views) problems.add("features.train_views", reason, use);
    }
}

}  // namespace

void Options::describe(Description<Options>& d) {
    d.field("output", &Options::output,
            "Folder for the results of the run. It must be new or empty, unless resume or overwrite is given")
        .path()
        .transient()
        .synonyms({"output_dir", "save_dir", "project"});
    d.field("seed", &Options::seed,
            "Seed of every random choice: splits, shots, views, order, initial weights. Change it to repeat a run with "
            "other random choices")
        .at_least(0);
    d.field("device", &Options::device,
            "Device to compute on: auto, cpu, cuda or cuda:N. auto takes the first GPU if there is one")
        .transient();
    d.field("threads", &Options::threads, "Threads used for computing; 0: one per processor")
        .at_least(0)
        .at_most(1024)
        .transient();
    d.field("resume", &Options::resume, "Continue the run in output at the point where it stopped").transient();
    d.field("overwrite", &Options::overwrite, "Replace the files of an earlier run in output").transient();
    d.section("data", &Options::data, "The labelled images");
    d.section("model", &Options::model, "The network, and which parts of it are trained");
    d.section("features", &Options::features, "How a frozen backbone turns images into features");
    d.section("augment", &Options::augment,
              "Random changes of training images: of the random views for features, or of the images in every epoch");
    d.section("head", &Options::head, "The output layer");
    d.section("balance", &Options::balance, "What to do if some classes have fewer images than others");
    d.section("train", &Options::train,
              "The training loop, for heads that are trained and for training more than the head");
    d.section("optimizer", &Options::optimizer, "The algorithm that trains the weights");
    d.section("scheduler", &Options::scheduler, "How the learning rate changes during training");
    d.section("tune", &Options::tune,
              "Values that are chosen before training, by cross-validation inside the training set");
    d.check([](const Options& o, Problems& problems) {
        if (!core::is_device_name(o.device)) {
            problems.add("device", "unknown device '" + o.device + "'", "use auto, cpu, cuda or cuda:N");
        }
        if (o.output.empty()) problems.add("output", "no folder named", "give one; it is made where it is missing");
        if (o.resume && o.overwrite) problems.add("overwrite", "contradicts resume", "give one of the two");
        if (o.head.type == HeadKind::kPretrained && o.model.weights == "random") {
            problems.add("head.type", "random weights have no pretrained output layer", "use model.weights=pretrained");
        }
        check_loop(o, problems);
        check_without_effect(o, problems);
    });
}

}  // namespace kaziranga::training
