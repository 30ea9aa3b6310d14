#pragma once

#include "core/config/description.hpp"
#include "data/augment/options.hpp"
#include "data/balance.hpp"
#include "data/options.hpp"
#include "models/options.hpp"
#include "training/features/options.hpp"
#include "training/heads/options.hpp"
#include "training/loop/options.hpp"

#include <cstdint>
#include <string>

namespace kaziranga::training {

/// Values of keys that are compared inside the training set before training.
struct TuneOptions {
    core::config::Table grid;
    int64_t folds = 5;
    int64_t turns = 0;
    int64_t rounds = 2;

    static void describe(core::config::Description<TuneOptions>& d);
};

/// All options of an experiment, as read from its YAML file.
struct Options {
    std::string output = "runs/train";
    int64_t seed = 0;
    std::string device = "auto";
    int64_t threads = 0;
    bool resume = false;
    bool overwrite = false;
    data::DataOptions data;
    models::ModelOptions model;
    FeatureOptions features;
    data::AugmentOptions augment;
    HeadOptions head;
    data::BalanceOptions balance;
    LoopOptions train;
    OptimizerOptions optimizer;
    SchedulerOptions scheduler;
    TuneOptions tune;

    static void describe(core::config::Description<Options>& d);
};

}  // namespace kaziranga::training
