#include "training/options.hpp"

#include <algorithm>

#include "core/device.hpp"
#include "models/registry.hpp"

namespace kaziranga::training {

using core::config::Description;
using core::config::Faults;

void ModelOptions::describe(Description<ModelOptions>& d) {
    d.field("name", &ModelOptions::name, "The network")
        .one_of(models::architecture_names())
        .peers_say({"arch", "architecture", "backbone"});
    d.field("weights", &ModelOptions::weights,
            "pretrained: its published ImageNet weights; random: none; else a .pth, .pt or .safetensors file");
    d.field("freeze", &ModelOptions::freeze,
            "What keeps its weights: backbone (all but the head), none, or a list of module names such as "
            "[conv1, bn1, layer1]");
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
    });
}

void FeatureOptions::describe(Description<FeatureOptions>& d) {
    d.field("views", &FeatureOptions::views,
            "Views of each training image: the first is the centre, further ones are random crops and flips")
        .at_least(1)
        .at_most(1000)
        .unit("views");
    d.field("min_area", &FeatureOptions::min_area, "Smallest share of the image that a random crop covers")
        .greater_than(0)
        .at_most(1);
    d.field("precision", &FeatureOptions::precision,
            "Arithmetic of a frozen backbone: fp32, bf16, or auto: bf16 where the processor or GPU has it built in")
        .one_of({"auto", "fp32", "bf16"});
    d.field("batch_size", &FeatureOptions::batch_size, "Images in one pass of the backbone")
        .at_least(1)
        .at_most(4096)
        .unit("images");
    d.field("cache", &FeatureOptions::cache, "Folder that keeps features from run to run, keyed by image content")
        .transient();
    d.check([](const FeatureOptions& o, Faults& faults) {
        if (o.cache.empty()) faults.add("cache", "no folder named", "give one; it is made where it is missing");
    });
}

void HeadOptions::describe(Description<HeadOptions>& d) {
    d.field("type", &HeadOptions::type,
            "linear: a new layer, trained; pretrained: the network's own output layer, for val and predict only")
        .one_of({"linear", "pretrained"});
    d.field("standardise", &HeadOptions::standardise,
            "Train on features of mean 0 and variance 1; folded into the layer's weights afterwards");
}

void LoopOptions::describe(Description<LoopOptions>& d) {
    d.field("epochs", &LoopOptions::epochs, "Passes over the training set; for lbfgs, iterations at most")
        .at_least(1)
        .at_most(1'000'000)
        .peers_say({"num_epochs", "max_epochs"})
        .unit("epochs");
    d.field("batch_size", &LoopOptions::batch_size, "Samples a step; lbfgs takes all at once")
        .at_least(1)
        .unit("samples")
        .peers_say({"batch"});
    d.field("label_smoothing", &LoopOptions::label_smoothing, "Share of the target spread evenly over all classes")
        .at_least(0)
        .less_than(1);
    d.field("save_every", &LoopOptions::save_every, "Shortest time between two saves of the training state")
        .at_least(0)
        .unit("seconds")
        .transient();
}

void OptimizerOptions::describe(Description<OptimizerOptions>& d) {
    d.field("name", &OptimizerOptions::name, "How the weights are found").one_of({"sgd", "adamw", "lbfgs"});
    d.field("lr", &OptimizerOptions::lr, "Learning rate after warm-up; for lbfgs the first step tried")
        .greater_than(0)
        .at_most(1000)
        .peers_say({"learning_rate", "lr0", "base_lr"});
    d.field("momentum", &OptimizerOptions::momentum, "Momentum of sgd; beta1 of adamw; unused by lbfgs")
        .at_least(0)
        .less_than(1);
    d.field("weight_decay", &OptimizerOptions::weight_decay,
            "Pull of weights, not biases, towards zero: decay of sgd and adamw; lbfgs adds half of it times |W|^2. Worth "
            "choosing by data.val_fraction among 0.003, 0.01, 0.03 and 0.1")
        .at_least(0)
        .at_most(1000)
        .peers_say({"decay", "l2", "penalty"});
    d.field("tolerance", &OptimizerOptions::tolerance,
            "lbfgs ends once no entry of the gradient is larger than this")
        .at_least(0)
        .at_most(1);
}

void SchedulerOptions::describe(Description<SchedulerOptions>& d) {
    d.field("name", &SchedulerOptions::name, "How the learning rate goes after warm-up")
        .one_of({"constant", "cosine", "linear"});
    d.field("warmup_epochs", &SchedulerOptions::warmup_epochs, "Linear rise of the learning rate at the start")
        .at_least(0)
        .unit("epochs");
    d.field("min_lr", &SchedulerOptions::min_lr, "Learning rate at the end of cosine and linear").at_least(0);
}

void Options::describe(Description<Options>& d) {
    d.field("output", &Options::output, "The run's folder; must be empty or new unless resume or overwrite is given")
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
    d.section("head", &Options::head, "The output layer");
    d.section("train", &Options::train, "The training loop");
    d.section("optimizer", &Options::optimizer, "How the weights are found");
    d.section("scheduler", &Options::scheduler, "How the learning rate goes");
    d.check([](const Options& o, Faults& faults) {
        if (!core::is_device_name(o.device)) {
            faults.add("device", "unknown device '" + o.device + "'", "use auto, cpu, cuda or cuda:N");
        }
        if (o.output.empty()) faults.add("output", "no folder named", "give one; it is made where it is missing");
        if (o.resume && o.overwrite) faults.add("overwrite", "contradicts resume", "give one of the two");
        if (o.optimizer.name == "lbfgs" && o.scheduler.warmup_epochs > 0) {
            faults.add("scheduler.warmup_epochs", "lbfgs searches its own steps and has no warm-up",
                       "leave it 0, or use sgd or adamw");
        }
        if (o.optimizer.name == "lbfgs" && !o.model.frozen_backbone()) {
            faults.add("optimizer.name", "lbfgs trains a head on a frozen backbone only", "use sgd or adamw");
        }
        if (o.scheduler.warmup_epochs > static_cast<double>(o.train.epochs)) {
            faults.add("scheduler.warmup_epochs", "longer than the whole training", "keep it below train.epochs");
        }
        if (o.scheduler.min_lr > o.optimizer.lr) {
            faults.add("scheduler.min_lr", "above optimizer.lr", "the rate goes from optimizer.lr down to it");
        }
        if (o.head.type == "pretrained" && o.model.weights == "random") {
            faults.add("head.type", "random weights have no pretrained output layer", "use model.weights=pretrained");
        }
    });
}

}  // namespace kaziranga::training
