#pragma once

#include "core/config/description.hpp"
#include "data/synthetic/options.hpp"

#include <cstdint>
#include <string>

namespace kaziranga::studies {

/// The settings of each way of training: key=value pairs that override the common ones. All arms except those with
/// model.weights=random start from the source's weights. If an arm has a tune.grid, the run of the first seed on the
/// first source chooses its values within its training images, and all runs of the arm use them.
struct ArmOptions {
    // The searches of configs/reproduce_thorough.yaml chose rates, weight decays and epochs; of the epochs, the fewest
    // within a standard error of the best.
    core::config::Strings scratch = {
        "model.weights=random",    "model.freeze=none",    "model.batch_norm=train", "head.type=linear",
        "train.epochs=60",         "optimizer.name=adamw", "optimizer.lr=0.003",     "optimizer.weight_decay=0.5",
        "scheduler.name=one_cycle"};
    core::config::Strings random_features = {"model.weights=random", "model.freeze=backbone",
                                             "head.type=linear",     "train.epochs=30",
                                             "optimizer.lr=0.03",    "optimizer.weight_decay=0.01"};
    core::config::Strings frozen = {"model.freeze=backbone", "head.type=linear", "train.epochs=30", "optimizer.lr=0.03",
                                    "optimizer.weight_decay=0.001"};
    core::config::Strings fine_tuned = {"model.freeze=none",       "head.type=linear",
                                        "train.epochs=16",         "optimizer.name=adamw",
                                        "optimizer.lr=0.0003",     "optimizer.weight_decay=0.005",
                                        "scheduler.name=one_cycle"};
    core::config::Strings lp_ft = {"model.freeze=none",       "head.type=logistic",  "train.epochs=16",
                                   "optimizer.name=adamw",    "optimizer.lr=0.0003", "optimizer.weight_decay=0.5",
                                   "scheduler.name=one_cycle"};

    static void describe(core::config::Description<ArmOptions>& d);
};

/// The transfer-learning scenario: a large park for the first training, and a small one to learn from few images.
struct ReproduceOptions {
    std::string output = "runs/reproduce";
    core::config::Numbers seeds = {0, 1, 2};
    core::config::Numbers sources = {0};
    core::config::Numbers curve_seeds = {0};
    core::config::Numbers shots = {1, 5, 20};
    core::config::Reals shifts = {0, 1};
    std::string source = "olympic";
    std::string target = "kaziranga";
    data::synthetic::ParkOptions olympic{
        .park = "olympic", .species = 1000, .train_images = 40, .val_images = 2, .test_images = 0, .size = 32};
    data::synthetic::ParkOptions kaziranga{
        .park = "kaziranga", .species = 200, .train_images = 40, .test_images = 10, .size = 32};
    core::config::Strings set = {"model.name=resnet10_small", "features.batch_size=64", "train.batch_size=64",
                                 "augment.min_area=0.5"};
    core::config::Strings pretrain = {
        "model.weights=random",    "model.freeze=none",    "model.batch_norm=train", "head.type=linear",
        "train.epochs=12",         "optimizer.name=adamw", "optimizer.lr=0.003",     "optimizer.weight_decay=0.5",
        "scheduler.name=one_cycle"};
    ArmOptions arms;
    bool freeze_depths = true;
    int64_t measured_epochs = 8;
    int64_t jobs = 0;
    int64_t threads = 0;
    double confidence = 0.95;

    bool made_up_source() const { return source == "olympic"; }
    bool made_up_target() const { return target == "kaziranga"; }
    static void describe(core::config::Description<ReproduceOptions>& d);
};

}  // namespace kaziranga::studies
