#pragma once

#include "studies/common/study.hpp"

namespace kaziranga::studies {

struct ResidualBlockOptions : StudyOptions {
    int64_t trials = 240;
    core::config::Numbers depths = {2, 4, 8, 16, 32, 64, 128};
    int64_t width = 64;
    int64_t batch = 64;
    int64_t repeats = 10;
    double confidence = 0.95;

    static void describe(core::config::Description<ResidualBlockOptions>& d);
};

/// The hand-written gradients of the residual block against autograd and central differences, and the change of a
/// gradient through deep stacks with and without the skip.
Findings study_residual_block(const ResidualBlockOptions& options);

}  // namespace kaziranga::studies
