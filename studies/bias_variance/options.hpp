#pragma once

#include "studies/common/study.hpp"

namespace kaziranga::studies {

inline constexpr int kClaims = 9;

struct BiasVarianceOptions : StudyOptions {
    int64_t learners = 60;
    core::config::Numbers depths = {0, 1, 2, 3, 4, 6};
    core::config::Numbers widths = {2, 4, 8, 16, 32, 64};
    core::config::Numbers sizes = {10, 20, 40, 80, 160};
    core::config::Reals weight_decays = {0.0001, 0.001, 0.01, 0.1, 1};
    int64_t hidden_layers = 2;
    int64_t width = 16;
    double weight_decay = 0.001;
    int64_t points = 40;
    double noise = 0.3;
    int64_t steps = 20'000;
    int64_t species = 20;
    core::config::Numbers shots = {2, 5, 10, 20};
    int64_t pool = 200;
    std::string weights = "pretrained";
    double confidence = 0.95;

    /// The confidence of each claim, so that all of them together hold at `confidence` (Bonferroni).
    double confidence_of_a_claim() const { return 1 - (1 - confidence) / kClaims; }

    static void describe(core::config::Description<BiasVarianceOptions>& d);
};

}  // namespace kaziranga::studies
