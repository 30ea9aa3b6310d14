#pragma once

#include <cstdint>

#include <ATen/core/Tensor.h>

namespace kaziranga::studies {

/// The best approximation of given steps by one factor for every parameter's gradient. Each parameter has its own
/// factor, so least squares is solved parameter by parameter, and no other factors have a smaller residual. Lengths are
/// relative to those of the given steps.
class BestDiagonals {
  public:
    /// @param gradient  [P] float64     @param wanted  [P], the step
    void add(const at::Tensor& gradient, const at::Tensor& wanted);

    int64_t steps() const { return steps_; }
    int64_t parameters() const { return gradient_square_.numel(); }

    /// The fixed factors, of either sign, that are closest to all steps together: [P].
    at::Tensor fixed_rates() const;
    /// The residual of all steps together with the fixed factors: root of the sum of squares.
    double fixed_misses() const;

    /// Number of parameters that must move against their gradients, so that no factor above zero fits: at the first
    /// step, and at the step with the fewest.
    int64_t first_against() const { return first_against_; }
    int64_t least_against() const { return least_against_; }
    /// The residual of a step with the best factors >= 0 for this step: at the step where it is smallest, and where it
    /// is largest.
    double positive_misses_least() const { return positive_least_; }
    double positive_misses_most() const { return positive_most_; }

  private:
    int64_t steps_ = 0, first_against_ = 0, least_against_ = 0;
    double positive_least_ = 0, positive_most_ = 0;
    at::Tensor gradient_square_, product_, wanted_square_;  ///< [P], sums over steps
};

}  // namespace kaziranga::studies
