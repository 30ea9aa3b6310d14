#pragma once

#include "studies/common/study.hpp"

namespace kaziranga::studies {

struct SigmoidTanhOptions : StudyOptions {
    int64_t trials = 400;
    int64_t hidden_layers = 3;
    core::config::Numbers units = {2, 8, 8, 1};
    int64_t steps = 1000;
    double lr = 0.1;

    static void describe(core::config::Description<SigmoidTanhOptions>& d);
};

/// The exact conversion between sigmoid and tanh networks, and its effect on training.
Findings study_sigmoid_tanh(const SigmoidTanhOptions& options);

}  // namespace kaziranga::studies
