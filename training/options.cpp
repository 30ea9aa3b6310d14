#include "training/options.hpp"

#include "core/device.hpp"
#include "core/text.hpp"
#include "models/registry.hpp"
#include "core/config/repeats.hpp"
#include "training/loop/unfreezing.hpp"
#include "training/features/views.hpp"

#include <algorithm>

namespace kaziranga::training {

using core::config::Description;
using core::config::Faults;
using core::config::Strings;

void ModelOptions::describe(Description<ModelOptions>& d) {
    d.field("name", &ModelOptions::name, "The network")
        .one_of(models::architecture_names())
        .peers_say({"arch", "architecture", "backbone"});
    d.field("weights", &ModelOptions::weights,
            "pretrained: its published ImageNet weights; random: none; else a .pth, .pt or .safetensors file")
        .path();
    d.field("freeze", &ModelOptions::freeze,
            "What keeps its weights: backbone (all but the head), none, or a list of module names such as "
            "[conv1, bn1, layer1]");
    d.field("batch_norm", &ModelOptions::batch_norm,
            "Statistics of the batch norms of modules that are trained: frozen keeps those of the pretrained network, "
            "train takes those of each batch; frozen modules keep theirs in any case")
        .one_of({"frozen", "train"});
    d.field("num_classes", &ModelOptions::num_classes,
            "Outputs of the network; auto takes the classes of the data, a number must equal theirs")
        .at_least(1)
        .at_most(1'000'000);
    d.check([](const ModelOptions& o, Faults& faults) {
        const bool word = std::any_of(o.freeze.begin(), o.freeze.end(),
                                      [](const std::string& name) { return name == "backbone" || name == "none"; });
        if (o.freeze.empty()) faults.add("freeze", "an empty list", "write none to freeze nothing");
        if (word && o.freeze.size() > 1) {
            faults.add("freeze", "backbone and none stand alone", "give one of them, or module names");
        }
        if (o.weights.empty()) faults.add("weights", "no weights named", "use pretrained, random or a file");
        if (o.weights == "random" && o.batch_norm == "frozen" && !o.frozen_backbone()) {
            faults.add("batch_norm", "random weights have no statistics to keep", "use batch_norm: train");
        }
    });
}

void FeatureOptions::describe(Description<FeatureOptions>& d) {
    d.field("train_views", &FeatureOptions::train_views,
            "Views of each training image that a head is fitted to: centre, flip (the centre mirrored), whole (nothing "
            "cut off "
            "but what makes it square), whole_flip. Heads are compared by those that are test_views too")
        .one_of(view_names());
    d.field("random_views", &FeatureOptions::random_views,
            "Further views of each training image for a head, varied as augment says")
        .at_least(0)
        .at_most(1000)
        .unit("views")
        .peers_say({"views", "num_views", "augmented_views"});
    d.field("test_views", &FeatureOptions::test_views,
            "Views of an image that is classified, their logits averaged: the same words as in train_views")
        .one_of(view_names())
        .peers_say({"tta", "test_time_views"});
    d.field(
         "precision", &FeatureOptions::precision,
         "Arithmetic of a frozen backbone: fp32, bf16, or auto: bf16 where that is faster, on GPUs, on AMD's "
         "processors since Zen 4 and on Intel's with AMX. It is as accurate as fp32, but 3 or 4 answers in 100, unsure "
         "ones, are others. int8, on the processor, is faster still and costs some accuracy. val and predict take what "
         "the run says unless they are given another")
        .one_of({"auto", "fp32", "bf16", "int8"});
    d.field("batch_size", &FeatureOptions::batch_size,
            "Images in one pass of the backbone; auto: 16 on the processor, where they stay in its caches, 64 on a GPU")
        .at_least(1)
        .at_most(4096)
        .unit("images");
    d.field("cache", &FeatureOptions::cache, "Folder that keeps features from run to run, keyed by image content")
        .path()
        .transient();
    d.check([](const FeatureOptions& o, Faults& faults) {
        if (o.cache.empty()) faults.add("cache", "no folder named", "give one; it is made where it is missing");
        for (const auto& [key, views] :
             {std::pair{"train_views", o.train_views}, std::pair{"test_views", o.test_views}}) {
            if (views.empty()) faults.add(key, "an empty list", "name at least centre");
            refuse_repeats(key, views, "name each view once", faults);
        }
    });
}

bool HeadOptions::takes(const std::string& input) const {
    return std::ranges::count(inputs, input) > 0;
}

bool HeadOptions::solved() const {
    return type != "linear" && type != "cosine" && type != "mlp" && type != "pretrained";
}

void HeadOptions::describe(Description<HeadOptions>& d) {
    d.field(
         "type", &HeadOptions::type,
         "Solved at once: logistic, ridge, lda (shrunken covariance), prototype (class means by cosine), knn, auto "
         "(of candidates, by cross-validation, the lowest loss of those not noticeably below the best top-1); trained: "
         "linear, cosine (learned scale), mlp; pretrained: the network's own output layer, for val and predict only. "
         "Where more than the head is trained, where it starts")
        .one_of({"auto", "linear", "logistic", "ridge", "lda", "cosine", "prototype", "knn", "mlp", "pretrained"})
        .peers_say({"classifier"});
    d.field("candidates", &HeadOptions::candidates, "What auto compares; ensemble averages the best of the linear ones")
        .one_of({"logistic", "ridge", "lda", "prototype", "knn", "ensemble"});
    d.field("inputs", &HeadOptions::inputs,
            "What a head is fitted to; of several the best by cross-validation: features; stages: with the pooled "
            "outputs of "
            "earlier stages beside them; source, for logistic, ridge and lda: how much an image looks like each class "
            "that the "
            "network was pretrained on, the old output layer then staying in the head; auto: features and source for "
            "type auto, features else")
        .one_of({"auto", "features", "stages", "source"});
    d.field("penalty", &HeadOptions::penalty,
            "Of logistic (half of it times |W|^2 beside the mean loss) and ridge (in units of the features' mean "
            "variance); auto chooses by cross-validation and leave-one-out, and tries further values where the last of "
            "its own is the best")
        .greater_than(0)
        .at_most(1e6)
        .peers_say({"alpha", "l2"});
    d.field(
         "shrinkage", &HeadOptions::shrinkage,
         "Of lda's covariance towards a sphere; auto chooses by cross-validation, Ledoit and Wolf's among others, and "
         "tries further values where the last of its own is the best")
        .greater_than(0)
        .at_most(1);
    d.field(
         "folds", &HeadOptions::folds,
         "Of the cross-validation inside the training set, by image; the only image of a class is never held out, and "
         "where no class has more than two images there are two folds")
        .at_least(2)
        .at_most(1000)
        .unit("folds");
    d.field("standardise", &HeadOptions::standardise,
            "Fit on features of mean 0 and variance 1; folded into the weights of a linear head afterwards");
    d.field("calibrate", &HeadOptions::calibrate,
            "Scale the logits of a solved head so that its probabilities fit the held-out folds");
    d.field("hidden", &HeadOptions::hidden, "Units of mlp's hidden layer").at_least(1).at_most(1'000'000).unit("units");
    d.field("neighbours", &HeadOptions::neighbours,
            "Nearest training views that knn asks; auto chooses by cross-validation")
        .at_least(1)
        .unit("views")
        .peers_say({"k"});
    d.field("temperature", &HeadOptions::temperature, "Of knn's votes; auto chooses by cross-validation")
        .at_least(0.01)
        .at_most(100);
    d.check([](const HeadOptions& o, Faults& faults) {
        const Strings& inputs = o.inputs;
        if (inputs.empty()) faults.add("inputs", "an empty list", "write auto");
        if (o.takes("auto") && inputs.size() > 1)
            faults.add("inputs", "auto stands alone", "leave it out, or the others");
        if (!o.solved() && inputs.size() > 1 && !o.takes("source"))
            faults.add("inputs", o.type + " takes one kind alone", "name features or stages");
        if (o.type == "pretrained" && o.takes("stages"))
            faults.add("inputs", "the pretrained head takes features alone", "leave it out");
        const bool source = o.takes("source");
        const auto fitted_to_source = [](const std::string& head) {
            return head == "logistic" || head == "ridge" || head == "lda";
        };
        if (source && o.type != "auto" && !fitted_to_source(o.type)) {
            faults.add("inputs", o.type + " does not take source classes",
                       "use head.type: auto, logistic, ridge or lda");
        }
        if (o.type == "auto" && inputs == Strings{"source"} &&
            std::none_of(o.candidates.begin(), o.candidates.end(), fitted_to_source)) {
            faults.add("inputs", "none of the candidates takes source classes",
                       "add features, or logistic, ridge or lda to candidates");
        }
        if (o.candidates.empty()) faults.add("candidates", "an empty list", "name at least one head");
        if (o.candidates == Strings{"ensemble"})
            faults.add("candidates", "an ensemble of nothing", "name heads beside it");
    });
}

void BalanceOptions::describe(Description<BalanceOptions>& d) {
    d.field("class_weights", &BalanceOptions::class_weights,
            "none, or balanced: an image of a rare class counts for more, so that every class counts alike")
        .one_of({"none", "balanced"});
    d.field("sampling", &BalanceOptions::sampling,
            "Order of training: shuffle, or balanced: every class equally often, images of rare classes repeatedly")
        .one_of({"shuffle", "balanced"});
    d.field(
         "logit_adjustment", &BalanceOptions::logit_adjustment,
         "Share of the logarithm of the class frequencies that is taken out of the logits; 1 aims at balanced accuracy")
        .at_least(0)
        .at_most(10)
        .peers_say({"tau"});
    d.check([](const BalanceOptions& o, Faults& faults) {
        const int means = (o.class_weights == "balanced") + (o.sampling == "balanced") + (o.logit_adjustment > 0);
        if (means > 1) {
            faults.add("", "class weights, balanced sampling and logit adjustment do the same thing",
                       "use one of them");
        }
    });
}

void LoopOptions::describe(Description<LoopOptions>& d) {
    d.field("epochs", &LoopOptions::epochs, "Passes over the training set")
        .at_least(1)
        .at_most(1'000'000)
        .peers_say({"num_epochs", "max_epochs"})
        .unit("epochs");
    d.field("batch_size", &LoopOptions::batch_size, "Samples of one pass forward and backward")
        .at_least(1)
        .unit("samples")
        .peers_say({"batch"});
    d.field("accumulate", &LoopOptions::accumulate, "Batches whose gradients make one step of the optimiser")
        .at_least(1)
        .at_most(1'000'000)
        .unit("batches")
        .peers_say({"grad_accum_steps", "accumulation_steps"});
    d.field("image_size", &LoopOptions::image_size,
            "Side of the images that more than a head is trained on; auto is the network's own. Smaller is faster; "
            "images are "
            "classified at the network's own size all the same")
        .at_least(32)
        .at_most(2048)
        .unit("pixels")
        .peers_say({"imgsz", "input_size", "train_crop_size"});
    d.field("precision", &LoopOptions::precision,
            "Arithmetic of training more than a head: fp32, bf16 (weights and sums stay fp32), or auto: as in "
            "features.precision")
        .one_of({"auto", "fp32", "bf16"})
        .peers_say({"amp"});
    d.field("unfreeze", &LoopOptions::unfreeze,
            "When frozen modules begin to be trained: {epochs done: module or list of modules}; all takes the rest");
    d.field("label_smoothing", &LoopOptions::label_smoothing, "Share of the target spread evenly over all classes")
        .at_least(0)
        .less_than(1)
        .peers_say({"smoothing"});
    d.field("clip_norm", &LoopOptions::clip_norm, "Longest gradient that a step takes; 0: of any length")
        .at_least(0)
        .peers_say({"clip_grad", "clip_grad_norm", "max_norm"});
    d.field(
         "ema", &LoopOptions::ema,
         "Decay of a running mean of the weights, which is then what is validated and kept; 0: none. At update n, from "
         "0, at most (1 + n) / (10 + n), as in TensorFlow and in timm's ModelEmaV3 with a warm-up of gamma 9 and "
         "power 1; statistics of batch norms are not averaged")
        .at_least(0)
        .less_than(1)
        .peers_say({"model_ema_decay", "ema_decay"});
    d.field("l2_sp", &LoopOptions::l2_sp,
            "Pull of the backbone's weights towards those it started with, instead of towards zero")
        .at_least(0)
        .at_most(1000);
    d.field("patience", &LoopOptions::patience,
            "Epochs without a better validation after which training ends; 0: never")
        .at_least(0)
        .unit("epochs")
        .peers_say({"early_stopping"});
    d.field(
         "measure", &LoopOptions::measure,
         "Splits that are classified after every epoch for results.csv, beside validation; nothing is chosen by them")
        .one_of({"train", "test"});
    d.field("measured_epochs", &LoopOptions::measured_epochs,
            "After how many epochs, evenly spread and the last among them, train.measure is done; 0: after each")
        .at_least(0)
        .unit("epochs");
    d.field("save_every", &LoopOptions::save_every, "Shortest time between two saves of the training state")
        .at_least(0)
        .unit("seconds")
        .transient();
    d.check([](const LoopOptions& o, Faults& faults) {
        for (const std::string& fault : unfreezing_faults(o.unfreeze, o.epochs)) {
            faults.add("unfreeze", fault, "write {epochs done: module}, such as {2: layer4, 5: all}");
        }
    });
}

void OptimizerOptions::describe(Description<OptimizerOptions>& d) {
    d.field("name", &OptimizerOptions::name, "How the weights are trained").one_of({"sgd", "adamw"});
    d.field("lr", &OptimizerOptions::lr, "Learning rate after warm-up")
        .greater_than(0)
        .at_most(1000)
        .peers_say({"learning_rate", "lr0", "base_lr"});
    d.field("head_lr", &OptimizerOptions::head_lr, "Learning rate of the head where more is trained; auto is lr")
        .greater_than(0)
        .at_most(1000);
    d.field(
         "layer_decay", &OptimizerOptions::layer_decay,
         "Factor of the learning rate from one layer to the one before it: the head, each residual block and the stem, "
         "as in timm's param_groups_layer_decay")
        .greater_than(0)
        .at_most(1)
        .peers_say({"layer_wise_lr_decay", "llrd"});
    d.field("momentum", &OptimizerOptions::momentum,
            "Momentum of sgd; beta1 of adamw; with scheduler.name one_cycle they go by its own values")
        .at_least(0)
        .less_than(1);
    d.field("nesterov", &OptimizerOptions::nesterov, "Nesterov's momentum for sgd");
    d.field("weight_decay", &OptimizerOptions::weight_decay, "Pull of weights, not of biases and norms, towards zero")
        .at_least(0)
        .at_most(1000)
        .peers_say({"decay", "wd"});
    d.check([](const OptimizerOptions& o, Faults& faults) {
        if (o.nesterov && o.name != "sgd") faults.add("nesterov", "only sgd has it", "leave it out, or use sgd");
        if (o.nesterov && o.momentum == 0) faults.add("nesterov", "needs momentum", "set momentum above 0");
    });
}

void TuneOptions::describe(Description<TuneOptions>& d) {
    d.field("grid", &TuneOptions::grid,
            "Values of keys to choose from before training, {key: [first, others…]}: one key after another, each value "
            "judged by held-out training images; beyond the end of a list of numbers while that gains more than a "
            "standard error. Then all "
            "training images are trained on with the best (tuning.csv)");
    d.field("folds", &TuneOptions::folds, "Into which the training images are dealt for that")
        .at_least(2)
        .at_most(1000)
        .unit("folds");
    d.field("turns", &TuneOptions::turns,
            "Of the folds how many are held out in turn; 0: all. Fewer are faster and less sure")
        .at_least(0)
        .at_most(1000)
        .unit("folds");
    d.field("rounds", &TuneOptions::rounds,
            "How often the list of keys is gone through at most; it ends when nothing changes")
        .at_least(1)
        .at_most(100);
    d.check([](const TuneOptions& o, Faults& faults) {
        if (o.turns > o.folds) faults.add("turns", "more than there are folds", "at most tune.folds");
        for (const auto& [key, values] : o.grid) {
            if (values.empty())
                faults.add("grid", "'" + key + "' has no values", "list at least one, or leave the key out");
            const bool ours = key.starts_with("tune.") || key.starts_with("data.") || key == "output" ||
                              key == "seed" || key == "resume" || key == "overwrite";
            if (ours) faults.add("grid", "'" + key + "' says what is trained on, or where", "leave it out");
        }
    });
}

void SchedulerOptions::describe(Description<SchedulerOptions>& d) {
    d.field("name", &SchedulerOptions::name,
            "How the learning rate goes after warm-up; one_cycle rises and falls by itself, momentum (beta1 of adamw) "
            "going from 0.95 to 0.85 and back, as in PyTorch's OneCycleLR; plateau falls when validation stands still")
        .one_of({"constant", "cosine", "linear", "step", "one_cycle", "plateau"});
    d.field("warmup_epochs", &SchedulerOptions::warmup_epochs,
            "Linear rise of the learning rate at the start, from a hundredth of it, as torchvision's reference "
            "training does")
        .at_least(0)
        .unit("epochs");
    d.field("min_lr", &SchedulerOptions::min_lr, "Learning rate at the end of cosine and linear; least one of plateau")
        .at_least(0);
    d.field("step_epochs", &SchedulerOptions::step_epochs, "step multiplies the rate by gamma each time so long")
        .greater_than(0)
        .unit("epochs")
        .peers_say({"lr_step_size", "decay_epochs"});
    d.field("gamma", &SchedulerOptions::gamma, "Factor of step and plateau")
        .greater_than(0)
        .less_than(1)
        .peers_say({"lr_gamma", "decay_rate"});
    d.field("patience", &SchedulerOptions::patience,
            "Epochs without a better validation before plateau multiplies by gamma")
        .at_least(0)
        .unit("epochs");
    d.check([](const SchedulerOptions& o, Faults& faults) {
        if (o.name == "one_cycle" && o.warmup_epochs > 0) {
            faults.add("warmup_epochs", "one_cycle has a rise of its own", "leave it 0");
        }
    });
}

namespace {

void check_loop(const Options& o, Faults& faults) {
    if (o.scheduler.name == "one_cycle" && o.optimizer.momentum != OptimizerOptions{}.momentum) {
        faults.add("optimizer.momentum", "one_cycle takes momentum from 0.95 to 0.85 and back",
                   "leave it out, or use another scheduler.name");
    }
    if (o.scheduler.warmup_epochs > static_cast<double>(o.train.epochs)) {
        faults.add("scheduler.warmup_epochs", "longer than the whole training", "keep it below train.epochs");
    }
    if (o.scheduler.min_lr > o.optimizer.lr) {
        faults.add("scheduler.min_lr", "above optimizer.lr", "the rate goes from optimizer.lr down to it");
    }
    if (o.train.l2_sp > 0 && o.model.weights == "random") {
        faults.add("train.l2_sp", "random weights are nothing to be pulled towards", "leave it 0");
    }
}

/// Keys that do nothing in the kind of training that is asked for.
void check_without_effect(const Options& o, Faults& faults) {
    const char* remedy = "name what is to be trained in model.freeze, or leave it out";
    if (o.model.frozen_backbone()) {
        if (!o.train.unfreeze.empty()) {
            faults.add("train.unfreeze", "model.freeze: backbone trains a head on features that are computed once",
                       "name the modules that begin frozen in model.freeze instead");
        }
        if (o.augment.mixup > 0) faults.add("augment.mixup", "mixes images, which a frozen backbone sees once", remedy);
        if (o.augment.cutmix > 0)
            faults.add("augment.cutmix", "mixes images, which a frozen backbone sees once", remedy);
        if (o.train.l2_sp > 0) faults.add("train.l2_sp", "a frozen backbone stays where it is", remedy);
        const Strings heads = o.head.type == "auto" ? o.head.candidates : Strings{o.head.type};
        const bool adjustable =
            std::ranges::any_of(heads, [](const std::string& head) { return head != "prototype" && head != "knn"; });
        if (o.balance.logit_adjustment > 0 && !adjustable) {
            faults.add("balance.logit_adjustment", core::join(heads, " and ") + " have no biases to adjust",
                       "use another head, or leave it 0");
        }
        if (!o.train.image_size.is_auto())
            faults.add("train.image_size", "a frozen backbone sees the network's own size", remedy);
        return;
    }
    if (o.head.type == "knn")
        faults.add("head.type", "neighbours cannot be trained with the backbone", "use another head");
    if (o.head.type == "auto" && std::ranges::count(o.head.candidates, "knn") > 0) {
        faults.add("head.candidates", "neighbours cannot be trained with the backbone", "leave knn out");
    }
    if (o.model.batch_norm == "train" && !o.train.image_size.is_auto() && *o.train.image_size.value == 32) {
        faults.add("train.image_size",
                   "32 pixels leave one value a channel in the last stage, no statistics for batch_norm: train",
                   "use 33 or more");
    }
    if (!o.head.solved()) {
        const char* reason = "only a head that starts solved sees features";
        const char* use = "leave it out, or use head.type: logistic";
        if (o.features.random_views > 0) faults.add("features.random_views", reason, use);
        if (o.features.train_views != FeatureOptions{}.train_views) faults.add("features.train_views", reason, use);
    }
}

}  // namespace

void Options::describe(Description<Options>& d) {
    d.field("output", &Options::output, "The run's folder; must be empty or new unless resume or overwrite is given")
        .path()
        .transient()
        .peers_say({"output_dir", "save_dir", "project"});
    d.field("seed", &Options::seed, "Of every draw: splits, shots, views, order, initial weights").at_least(0);
    d.field("device", &Options::device, "auto, cpu, cuda or cuda:N; auto takes the first GPU where there is one")
        .transient();
    d.field("threads", &Options::threads, "Threads of the arithmetic; 0 means one a processor")
        .at_least(0)
        .at_most(1024)
        .transient();
    d.field("resume", &Options::resume, "Go on with the run in output where it stopped").transient();
    d.field("overwrite", &Options::overwrite, "Replace the files of an earlier run in output").transient();
    d.section("data", &Options::data, "The labelled images");
    d.section("model", &Options::model, "The network and what of it is trained");
    d.section("features", &Options::features, "How images become features of a frozen backbone");
    d.section("augment", &Options::augment, "How training images vary: the views of features, or every epoch's images");
    d.section("head", &Options::head, "The output layer");
    d.section("balance", &Options::balance, "What counts how much where some classes have fewer images");
    d.section("train", &Options::train, "The training loop, of the heads that are trained and of more than a head");
    d.section("optimizer", &Options::optimizer, "How the weights are trained");
    d.section("scheduler", &Options::scheduler, "How the learning rate goes");
    d.section("tune", &Options::tune, "What is chosen by cross-validation inside the training set before training");
    d.check([](const Options& o, Faults& faults) {
        if (!core::is_device_name(o.device)) {
            faults.add("device", "unknown device '" + o.device + "'", "use auto, cpu, cuda or cuda:N");
        }
        if (o.output.empty()) faults.add("output", "no folder named", "give one; it is made where it is missing");
        if (o.resume && o.overwrite) faults.add("overwrite", "contradicts resume", "give one of the two");
        if (o.head.type == "pretrained" && o.model.weights == "random") {
            faults.add("head.type", "random weights have no pretrained output layer", "use model.weights=pretrained");
        }
        check_loop(o, faults);
        check_without_effect(o, faults);
    });
}

}  // namespace kaziranga::training
