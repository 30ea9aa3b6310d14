#include "training/loop/options.hpp"

#include "training/loop/unfreezing.hpp"

namespace kaziranga::training {

using core::config::Description;
using core::config::Faults;

void LoopOptions::describe(Description<LoopOptions>& d) {
    d.field("epochs", &LoopOptions::epochs, "Passes over the training set")
        .at_least(1)
        .at_most(1'000'000)
        .synonyms({"num_epochs", "max_epochs"})
        .unit("epochs");
    d.field("batch_size", &LoopOptions::batch_size, "Samples of one pass forward and backward")
        .at_least(1)
        .unit("samples")
        .synonyms({"batch"});
    d.field("accumulate", &LoopOptions::accumulate, "Batches whose gradients make one step of the optimiser")
        .at_least(1)
        .at_most(1'000'000)
        .unit("batches")
        .synonyms({"grad_accum_steps", "accumulation_steps"});
    d.field("image_size", &LoopOptions::image_size,
            "Side of the images that more than a head is trained on; auto is the network's own. Smaller is faster; "
            "images are classified at the network's own size all the same")
        .at_least(32)
        .at_most(2048)
        .unit("pixels")
        .synonyms({"imgsz", "input_size", "train_crop_size"});
    d.field("precision", &LoopOptions::precision,
            "Arithmetic of training more than a head: fp32, bf16 (weights and sums stay fp32), or auto: as in "
            "features.precision")
        .one_of({"auto", "fp32", "bf16"})
        .synonyms({"amp"});
    d.field("unfreeze", &LoopOptions::unfreeze,
            "When frozen modules begin to be trained: {epochs done: module or list of modules}; all takes the rest");
    d.field("label_smoothing", &LoopOptions::label_smoothing, "Share of the target spread evenly over all classes")
        .at_least(0)
        .less_than(1)
        .synonyms({"smoothing"});
    d.field("clip_norm", &LoopOptions::clip_norm, "Longest gradient that a step takes; 0: of any length")
        .at_least(0)
        .synonyms({"clip_grad", "clip_grad_norm", "max_norm"});
    d.field("ema", &LoopOptions::ema,
            "Decay of a running mean of the weights, which is then what is validated and kept; 0: none. At update n, "
            "from 0, at most (1 + n) / (10 + n), as in TensorFlow and in timm's ModelEmaV3 with a warm-up of gamma 9 "
            "and power 1; statistics of batch norms are not averaged")
        .at_least(0)
        .less_than(1)
        .synonyms({"model_ema_decay", "ema_decay"});
    d.field("l2_sp", &LoopOptions::l2_sp,
            "Pull of the backbone's weights towards those it started with, instead of towards zero")
        .at_least(0)
        .at_most(1000);
    d.field("patience", &LoopOptions::patience,
            "Epochs without a better validation after which training ends; 0: never")
        .at_least(0)
        .unit("epochs")
        .synonyms({"early_stopping"});
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
    d.field("name", &OptimizerOptions::name, "How the weights are trained");
    d.field("lr", &OptimizerOptions::lr, "Learning rate after warm-up")
        .greater_than(0)
        .at_most(1000)
        .synonyms({"learning_rate", "lr0", "base_lr"});
    d.field("head_lr", &OptimizerOptions::head_lr, "Learning rate of the head where more is trained; auto is lr")
        .greater_than(0)
        .at_most(1000);
    d.field("layer_decay", &OptimizerOptions::layer_decay,
            "Factor of the learning rate from one layer to the one before it: the head, each residual block and the "
            "stem, as in timm's param_groups_layer_decay")
        .greater_than(0)
        .at_most(1)
        .synonyms({"layer_wise_lr_decay", "llrd"});
    d.field("momentum", &OptimizerOptions::momentum,
            "Momentum of sgd; beta1 of adamw; with scheduler.name one_cycle they go by its own values")
        .at_least(0)
        .less_than(1);
    d.field("nesterov", &OptimizerOptions::nesterov, "Nesterov's momentum for sgd");
    d.field("weight_decay", &OptimizerOptions::weight_decay, "Pull of weights, not of biases and norms, towards zero")
        .at_least(0)
        .at_most(1000)
        .synonyms({"decay", "wd"});
    d.check([](const OptimizerOptions& o, Faults& faults) {
        if (o.nesterov && o.name != OptimizerKind::kSgd)
            faults.add("nesterov", "only sgd has it", "leave it out, or use sgd");
        if (o.nesterov && o.momentum == 0) faults.add("nesterov", "needs momentum", "set momentum above 0");
    });
}

void SchedulerOptions::describe(Description<SchedulerOptions>& d) {
    d.field("name", &SchedulerOptions::name,
            "How the learning rate goes after warm-up; one_cycle rises and falls by itself, momentum (beta1 of adamw) "
            "going from 0.95 to 0.85 and back, as in PyTorch's OneCycleLR; plateau falls when validation stands still");
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
        .synonyms({"lr_step_size", "decay_epochs"});
    d.field("gamma", &SchedulerOptions::gamma, "Factor of step and plateau")
        .greater_than(0)
        .less_than(1)
        .synonyms({"lr_gamma", "decay_rate"});
    d.field("patience", &SchedulerOptions::patience,
            "Epochs without a better validation before plateau multiplies by gamma")
        .at_least(0)
        .unit("epochs");
    d.check([](const SchedulerOptions& o, Faults& faults) {
        if (o.name == Schedule::kOneCycle && o.warmup_epochs > 0) {
            faults.add("warmup_epochs", "one_cycle has a rise of its own", "leave it 0");
        }
    });
}

}  // namespace kaziranga::training
