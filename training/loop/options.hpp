#pragma once

#include "core/config/description.hpp"
#include "core/precision.hpp"
#include "data/split.hpp"

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace kaziranga::training {

enum class OptimizerKind { kSgd, kAdamw };
inline constexpr std::pair<OptimizerKind, std::string_view> kOptimizerKindWords[] = {{OptimizerKind::kSgd, "sgd"},
                                                                                     {OptimizerKind::kAdamw, "adamw"}};
constexpr auto& words_of(OptimizerKind) {
    return kOptimizerKindWords;
}

/// The schedule of the learning rate after warm-up.
enum class Schedule { kConstant, kCosine, kLinear, kStep, kOneCycle, kPlateau };
inline constexpr std::pair<Schedule, std::string_view> kScheduleWords[] = {
    {Schedule::kConstant, "constant"}, {Schedule::kCosine, "cosine"},      {Schedule::kLinear, "linear"},
    {Schedule::kStep, "step"},         {Schedule::kOneCycle, "one_cycle"}, {Schedule::kPlateau, "plateau"}};
constexpr auto& words_of(Schedule) {
    return kScheduleWords;
}

/// Options of the training loop.
struct LoopOptions {
    int64_t epochs = 30;
    int64_t batch_size = 32;
    int64_t accumulate = 1;
    core::config::OrAuto<int64_t> image_size;
    core::config::OrAuto<core::Precision> precision;
    core::config::Table unfreeze;
    double label_smoothing = 0.0;
    double clip_norm = 0.0;
    double ema = 0.0;
    double l2_sp = 0.0;
    int64_t patience = 0;
    std::vector<data::Split> measure;
    int64_t measured_epochs = 0;
    double save_every = 5.0;

    static void describe(core::config::Description<LoopOptions>& d);
};

struct OptimizerOptions {
    OptimizerKind name = OptimizerKind::kSgd;
    double lr = 0.1;
    core::config::OrAuto<double> head_lr;
    double layer_decay = 1.0;
    double momentum = 0.9;
    bool nesterov = false;
    double weight_decay = 0.0;

    static void describe(core::config::Description<OptimizerOptions>& d);
};

struct SchedulerOptions {
    Schedule name = Schedule::kCosine;
    double warmup_epochs = 0;
    double min_lr = 0;
    double step_epochs = 30;
    double gamma = 0.1;
    int64_t patience = 10;

    static void describe(core::config::Description<SchedulerOptions>& d);
};

}  // namespace kaziranga::training
