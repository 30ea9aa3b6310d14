#include "training/loop/options.hpp"

#include "training/loop/unfreezing.hpp"

namespace kaziranga::training {

using core::config::Description;
using core::config::Problems;

void LoopOptions::describe(Description<LoopOptions>& d) {
    d.field("epochs", &LoopOptions::epochs, "Number of passes over the training set")
        .at_least(1)
        .at_most(1'000'000)
        .synonyms({"num_epochs", "max_epochs"})
        .unit("epochs");
    d.field("batch_size", &LoopOptions::batch_size,
            "Number of samples in one forward and backward pass. Lower it if memory runs out")
        .at_least(1)
        .unit("samples")
        .synonyms({"batch"});
    d.field("accumulate", &LoopOptions::accumulate,
            "Number of batches whose gradients are combined into one step of the optimiser. Raise it if a larger batch "
            "does not fit into memory")
        .at_least(1)
        .at_most(1'000'000)
        .unit("batches")
        .synonyms({"grad_accum_steps", "accumulation_steps"});
    d.field("image_size", &LoopOptions::image_size,
            "Side of the training images when more than the head is trained; auto takes the network's own size. "
            "Smaller images are faster; classification uses the network's own size in any case")
        .at_least(32)
        .at_most(2048)
        .unit("pixels")
        .synonyms({"imgsz", "input_size", "train_crop_size"});
    d.field("precision", &LoopOptions::precision,
            "Number format when more than the head is trained. With bf16, weights and sums stay fp32; auto chooses as "
            "in features.precision")
        .one_of({"auto", "fp32", "bf16"})
        .synonyms({"amp"});
    d.field("unfreeze", &LoopOptions::unfreeze,
            "When to start training frozen modules: {epochs done: module or list of modules}. all takes every module "
            "that is left");
    d.field("label_smoothing", &LoopOptions::label_smoothing,
            "Share of the target that is spread evenly over all classes. Raise it if the network becomes too certain")
        .at_least(0)
        .less_than(1)
        .synonyms({"smoothing"});
    d.field("clip_norm", &LoopOptions::clip_norm,
            "Largest length of the gradient in a step; longer gradients are shortened. 0: no limit. Set it if the loss "
            "is not finite")
        .at_least(0)
        .synonyms({"clip_grad", "clip_grad_norm", "max_norm"});
    d.field("ema", &LoopOptions::ema,
            "Decay of a running mean of the weights; the mean is then validated and kept instead of the weights. 0: no "
            "mean. At update n, counted from 0, the decay is at most (1 + n) / (10 + n), as in TensorFlow and in "
            "timm's ModelEmaV3 with a warm-up of gamma 9 and power 1; statistics of batch norms are not averaged")
        .at_least(0)
        .less_than(1)
        .synonyms({"model_ema_decay", "ema_decay"});
    d.field("l2_sp", &LoopOptions::l2_sp,
            "Strength that pulls the backbone's weights towards their starting values instead of towards zero. Raise "
            "it to stay closer to the pretrained network")
        .at_least(0)
        .at_most(1000);
    d.field("patience", &LoopOptions::patience,
            "Training ends after this many epochs without a better validation; 0: it never ends early")
        .at_least(0)
        .unit("epochs")
        .synonyms({"early_stopping"});
    d.field("measure", &LoopOptions::measure,
            "Splits that are measured after every epoch for results.csv, in addition to validation. No choice depends "
            "on them")
        .one_of({"train", "test"});
    d.field("measured_epochs", &LoopOptions::measured_epochs,
            "Number of epochs after which train.measure is done; they are evenly spread and include the last one. 0: "
            "after every epoch")
        .at_least(0)
        .unit("epochs");
    d.field("save_every", &LoopOptions::save_every,
            "Shortest time between two saves of the training state. With a lower value, less work is lost when a run "
            "is killed")
        .at_least(0)
        .unit("seconds")
        .transient();
    d.check([](const LoopOptions& o, Problems& problems) {
        for (const std::string& problem : unfreezing_problems(o.unfreeze, o.epochs)) {
            problems.add("unfreeze", problem, "write {epochs done: module}, such as {2: layer4, 5: all}");
        }
    });
}

void OptimizerOptions::describe(Description<OptimizerOptions>& d) {
    d.field("name", &OptimizerOptions::name, "Algorithm that trains the weights");
    d.field("lr", &OptimizerOptions::lr, "Learning rate after warm-up. Lower it if the loss is not finite")
        .greater_than(0)
        .at_most(1000)
        .synonyms({"learning_rate", "lr0", "base_lr"});
    d.field("head_lr", &OptimizerOptions::head_lr,
            "Learning rate of the head when more than the head is trained; auto takes lr")
        .greater_than(0)
        .at_most(1000);
    d.field("layer_decay", &OptimizerOptions::layer_decay,
            "Factor of the learning rate from each layer to the one before it, as in timm's param_groups_layer_decay. "
            "Layers are the head, each residual block and the stem; below 1, early layers change less")
        .greater_than(0)
        .at_most(1)
        .synonyms({"layer_wise_lr_decay", "llrd"});
    d.field("momentum", &OptimizerOptions::momentum,
            "Momentum of sgd, or beta1 of adamw. With scheduler.name one_cycle they have values of their own")
        .at_least(0)
        .less_than(1);
    d.field("nesterov", &OptimizerOptions::nesterov, "Use Nesterov's momentum in sgd");
    d.field("weight_decay", &OptimizerOptions::weight_decay,
            "Strength that pulls weights towards zero; biases and norms are left out. Raise it against overfitting")
        .at_least(0)
        .at_most(1000)
        .synonyms({"decay", "wd"});
    d.check([](const OptimizerOptions& o, Problems& problems) {
        if (o.nesterov && o.name != OptimizerKind::kSgd)
            problems.add("nesterov", "only sgd has it", "leave it out, or use sgd");
        if (o.nesterov && o.momentum == 0) problems.add("nesterov", "needs momentum", "set momentum above 0");
    });
}

void SchedulerOptions::describe(Description<SchedulerOptions>& d) {
    d.field("name", &SchedulerOptions::name,
            "How the learning rate changes after warm-up. one_cycle rises and falls by itself, while momentum (beta1 "
            "of adamw) goes from 0.95 to 0.85 and back, as in PyTorch's OneCycleLR; plateau falls when validation "
            "stops improving");
    d.field("warmup_epochs", &SchedulerOptions::warmup_epochs,
            "Epochs at the start in which the learning rate rises linearly from a hundredth of its value, as in "
            "torchvision's reference training")
        .at_least(0)
        .unit("epochs");
    d.field("min_lr", &SchedulerOptions::min_lr,
            "Learning rate at the end of cosine and linear, and lowest learning rate of plateau")
        .at_least(0);
    d.field("step_epochs", &SchedulerOptions::step_epochs,
            "step multiplies the learning rate by gamma each time after this many epochs")
        .greater_than(0)
        .unit("epochs")
        .synonyms({"lr_step_size", "decay_epochs"});
    d.field("gamma", &SchedulerOptions::gamma, "Factor by which step and plateau multiply the learning rate")
        .greater_than(0)
        .less_than(1)
        .synonyms({"lr_gamma", "decay_rate"});
    d.field("patience", &SchedulerOptions::patience,
            "Epochs without a better validation before plateau multiplies the learning rate by gamma")
        .at_least(0)
        .unit("epochs");
    d.check([](const SchedulerOptions& o, Problems& problems) {
        if (o.name == Schedule::kOneCycle && o.warmup_epochs > 0) {
            problems.add("warmup_epochs", "one_cycle has a rise of its own", "leave it 0");
        }
    });
}

}  // namespace kaziranga::training
