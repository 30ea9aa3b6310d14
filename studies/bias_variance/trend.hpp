#pragma once

#include "studies/common/findings.hpp"

#include <functional>
#include <string>
#include <vector>

namespace kaziranga::studies {

/// A part of the error over the settings of a sweep.
struct Course {
    std::vector<double> values;  ///< of the varied quantity
    std::vector<double> means;
    std::function<evaluation::Interval(size_t later, size_t earlier)> change;  ///< at the claim's confidence
    std::vector<std::string> untrained;  ///< a sentence for each setting whose learners are not all at their minimum
};

/// Judges if a part rises or falls over a whole sweep: first against last, and step by step. A single step in the other
/// direction refutes the claim, at a confidence that allows for the number of steps; steps that do not show the
/// direction are named. If learners did not reach their minimum, the claim is undecided, and the reason replaces the
/// numbers.
Claim trend(const std::string& text, const Course& course, bool falls, double confidence);

}  // namespace kaziranga::studies
