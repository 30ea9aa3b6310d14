#pragma once

#include <cstdint>
#include <string>

#include "core/config/description.hpp"
#include "data/options.hpp"

namespace kaziranga::training {

/// The network and what of it is trained.
struct ModelOptions {
    std::string name = "efficientnet_lite0";
    std::string weights = "pretrained";
    core::config::Strings freeze = {"backbone"};
    core::config::OrAuto<int64_t> num_classes;

    bool frozen_backbone() const { return freeze == core::config::Strings{"backbone"}; }
    static void describe(core::config::Description<ModelOptions>& d);
};

/// How images become features.
struct FeatureOptions {
    int64_t views = 1;
    double min_area = 0.35;
    std::string precision = "auto";
    int64_t batch_size = 16;
    std::string cache = "runs/features";

    static void describe(core::config::Description<FeatureOptions>& d);
};

/// The new output layer.
struct HeadOptions {
    std::string type = "linear";
    bool standardise = true;

    static void describe(core::config::Description<HeadOptions>& d);
};

/// The training loop.
struct LoopOptions {
    int64_t epochs = 100;
    int64_t batch_size = 64;
    double label_smoothing = 0.0;
    double save_every = 5.0;

    static void describe(core::config::Description<LoopOptions>& d);
};

struct OptimizerOptions {
    std::string name = "lbfgs";
    double lr = 1.0;
    double momentum = 0.9;
    double weight_decay = 0.03;
    double tolerance = 1e-4;

    static void describe(core::config::Description<OptimizerOptions>& d);
};

struct SchedulerOptions {
    std::string name = "constant";
    double warmup_epochs = 0;
    double min_lr = 0;

    static void describe(core::config::Description<SchedulerOptions>& d);
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
    HeadOptions head;
    LoopOptions train;
    OptimizerOptions optimizer;
    SchedulerOptions scheduler;

    static void describe(core::config::Description<Options>& d);
};

}  // namespace kaziranga::training
