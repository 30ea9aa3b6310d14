#pragma once

#include "studies/common/study.hpp"

namespace kaziranga::studies {

struct QuadraticErrorOptions : StudyOptions {
    core::config::Numbers units = {1, 4, 1};
    int64_t points = 40;
    double noise = 0.1;
    int64_t starts = 20;
    int64_t angles = 48;
    core::config::Numbers large_units = {2, 48, 48, 1};
    int64_t leading = 8;

    static void describe(core::config::Description<QuadraticErrorOptions>& d);
};

/// The error near a minimum: the Hessian's ellipse against the true contour, and the level where they separate.
Findings study_quadratic_error(const QuadraticErrorOptions& options);

}  // namespace kaziranga::studies
