#pragma once

#include "studies/common/findings.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace kaziranga::studies {

/// A network is at its minimum if the norm of its gradient is at most this.
inline constexpr double kShortGradient = 1e-6;

/// The results of training many networks of one setting.
struct Convergence {
    int64_t learners = 0, converged = 0;
    double median_iterations = 0;
    int64_t most_iterations = 0;
    double largest_gradient = 0;  ///< largest norm of the remaining gradients

    bool complete() const { return converged == learners; }
};

/// The reason a setting is not judged: "13 of 100 networks with 6 hidden layers did not come to a gradient below …".
/// @param networks  "networks with 6 hidden layers"
std::string short_of_minimum(const Convergence& convergence, const std::string& networks, int64_t steps);

/// Adds a check that fails if any network did not reach its minimum, and figures about the training.
/// @param what  names the networks: "regression"
void tell_convergence(Findings& findings, const std::string& what, const std::vector<Convergence>& settings);

}  // namespace kaziranga::studies
