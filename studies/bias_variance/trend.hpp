#pragma once

#include "studies/common/findings.hpp"

#include <functional>
#include <string>
#include <vector>

namespace kaziranga::studies {

/// A part of the error over a sweep.
struct Course {
    std::vector<double> values;  ///< of what is varied
    std::vector<double> means;
    std::function<evaluation::Interval(size_t later, size_t earlier)> change;  ///< at the claim's confidence
    std::vector<std::string> untrained;  ///< a sentence of each setting whose learners are not all at their minimum
};

/// Whether a part goes one way over a whole sweep: first against last, and step by step. Refuted by a single step that
/// goes the other way, at a confidence that allows for their number; what does not show it is named. Learners that did
/// not come to their minimum are not what the claim is about: undecided then, and the reason stands in place of the
/// numbers.
Claim trend(const std::string& text, const Course& course, bool falls, double confidence);

}  // namespace kaziranga::studies
