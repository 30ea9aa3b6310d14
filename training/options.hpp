#pragma once

#include "core/config/description.hpp"
#include "data/augment/options.hpp"
#include "data/options.hpp"

#include <cstdint>
#include <string>

namespace kaziranga::training {

/// The network and what of it is trained.
struct ModelOptions {
    std::string name = "efficientnet_lite0";
    std::string weights = "pretrained";
    core::config::Strings freeze = {"backbone"};
    std::string batch_norm = "frozen";
    core::config::OrAuto<int64_t> num_classes;

    bool frozen_backbone() const { return freeze == core::config::Strings{"backbone"}; }
    static void describe(core::config::Description<ModelOptions>& d);
};

/// How images become features.
struct FeatureOptions {
    core::config::Strings train_views = {"centre"};
    int64_t random_views = 0;
    core::config::Strings test_views = {"centre"};
    std::string precision = "auto";
    core::config::OrAuto<int64_t> batch_size;
    std::string cache = "runs/features";

    static void describe(core::config::Description<FeatureOptions>& d);
};

/// The new output layer.
struct HeadOptions {
    std::string type = "auto";
    core::config::Strings candidates = {"logistic", "ridge", "lda", "ensemble"};
    core::config::Strings inputs = {"auto"};
    core::config::OrAuto<double> penalty;
    core::config::OrAuto<double> shrinkage;
    int64_t folds = 5;
    bool standardise = true;
    bool calibrate = true;
    int64_t hidden = 512;
    core::config::OrAuto<int64_t> neighbours;
    core::config::OrAuto<double> temperature;

    /// Whether inputs names this one.
    bool takes(const std::string& input) const;
    /// Found by a solver from all features at once, not by the training loop.
    bool solved() const;
    static void describe(core::config::Description<HeadOptions>& d);
};

/// What counts how much where classes differ in their number of images.
struct BalanceOptions {
    std::string class_weights = "none";
    std::string sampling = "shuffle";
    double logit_adjustment = 0.0;

    static void describe(core::config::Description<BalanceOptions>& d);
};

/// The training loop.
struct LoopOptions {
    int64_t epochs = 30;
    int64_t batch_size = 32;
    int64_t accumulate = 1;
    core::config::OrAuto<int64_t> image_size;
    std::string precision = "auto";
    core::config::Table unfreeze;
    double label_smoothing = 0.0;
    double clip_norm = 0.0;
    double ema = 0.0;
    double l2_sp = 0.0;
    int64_t patience = 0;
    core::config::Strings measure;
    int64_t measured_epochs = 0;
    double save_every = 5.0;

    static void describe(core::config::Description<LoopOptions>& d);
};

struct OptimizerOptions {
    std::string name = "sgd";
    double lr = 0.1;
    core::config::OrAuto<double> head_lr;
    double layer_decay = 1.0;
    double momentum = 0.9;
    bool nesterov = false;
    double weight_decay = 0.0;

    static void describe(core::config::Description<OptimizerOptions>& d);
};

struct SchedulerOptions {
    std::string name = "cosine";
    double warmup_epochs = 0;
    double min_lr = 0;
    double step_epochs = 30;
    double gamma = 0.1;
    int64_t patience = 10;

    static void describe(core::config::Description<SchedulerOptions>& d);
};

/// Values of keys that are compared inside the training set before training.
struct TuneOptions {
    core::config::Table grid;
    int64_t folds = 5;
    int64_t turns = 0;
    int64_t rounds = 2;

    static void describe(core::config::Description<TuneOptions>& d);
};

/// Everything a YAML file of an experiment says.
struct Options {
    std::string output = "runs/train";
    int64_t seed = 0;
    std::string device = "auto";
    int64_t threads = 0;
    bool resume = false;
    bool overwrite = false;
    data::DataOptions data;
    ModelOptions model;
    FeatureOptions features;
    data::AugmentOptions augment;
    HeadOptions head;
    BalanceOptions balance;
    LoopOptions train;
    OptimizerOptions optimizer;
    SchedulerOptions scheduler;
    TuneOptions tune;

    static void describe(core::config::Description<Options>& d);
};

}  // namespace kaziranga::training
