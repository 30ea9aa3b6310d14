#pragma once

#include "models/receptive_field.hpp"
#include "studies/study.hpp"

#include <vector>

namespace kaziranga::studies {

struct ConvStackOptions : StudyOptions {
    int64_t kernel = 3;
    int64_t layers = 4;
    int64_t images = 16;
    int64_t repeats = 3;
    int64_t epochs = 6;
    double confidence = 0.95;

    static void describe(core::config::Description<ConvStackOptions>& d);
};

/// The support of a neuron behind consecutive convolutions, by formula and measured; receptive fields of every network
/// of the registry; the effective field before and after training.
Findings study_conv_stack(const ConvStackOptions& options);

/// Sides of the support of one place behind `layers` convolutions, walked backwards: 1, f, 2f - 1, … for stride 1 and no
/// padding, from floor((n - f + 2p) / s) + 1 = m solved for the smallest n.
std::vector<int64_t> support_sides(int64_t layers, int64_t kernel, int64_t stride = 1, int64_t padding = 0);

}  // namespace kaziranga::studies
