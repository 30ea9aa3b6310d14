#pragma once

#include "models/layers/receptive_field.hpp"
#include "studies/common/study.hpp"

#include <vector>

namespace kaziranga::studies {

struct ConvStackOptions : StudyOptions {
    int64_t kernel = 3;
    int64_t layers = 4;
    int64_t images = 16;
    int64_t repeats = 3;
    int64_t epochs = 24;
    int64_t initialisations = 5;
    double confidence = 0.95;

    static void describe(core::config::Description<ConvStackOptions>& d);
};

/// The support of a neuron after consecutive convolutions, by formula and measured; receptive fields of every network
/// of the registry; the effective field before and after training.
Findings study_conv_stack(const ConvStackOptions& options);

/// Side lengths of the support of one position after up to `layers` convolutions of stride 1 without padding, computed
/// backwards from floor((n - f + 2p) / s) + 1 = m: 1, f, 2f - 1, …
std::vector<int64_t> support_sides(int64_t layers, int64_t kernel);

}  // namespace kaziranga::studies
