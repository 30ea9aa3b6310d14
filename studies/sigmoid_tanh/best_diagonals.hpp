#pragma once

#include <cstdint>

#include <ATen/core/Tensor.h>

namespace kaziranga::studies {

/// How well steps that are wanted can be had by a factor for every parameter's gradient. As each parameter has a factor
/// of its own, least squares is solved parameter by parameter, and what the best factors miss every others miss too.
/// Lengths are relative to those of the steps that are wanted.
class BestDiagonals {
  public:
    /// @param gradient  [P] float64     @param wanted  [P], the step
    void add(const at::Tensor& gradient, const at::Tensor& wanted);

    int64_t steps() const { return steps_; }
    int64_t parameters() const { return gradient_square_.numel(); }

    /// The fixed factors, of either sign, that are closest to all steps together: [P].
    at::Tensor fixed_rates() const;
    /// What is left of all steps together, root of the sum of squares.
    double fixed_misses() const;

    /// Parameters that must go against their gradients: no factor above zero serves them. At the first step, and at
    /// the step with the fewest.
    int64_t first_against() const { return first_against_; }
    int64_t least_against() const { return least_against_; }
    /// What is left of a step with factors of zero or more that are chosen for it: at the step where that is least, and
    /// where it is most.
    double positive_misses_least() const { return positive_least_; }
    double positive_misses_most() const { return positive_most_; }

  private:
    int64_t steps_ = 0, first_against_ = 0, least_against_ = 0;
    double positive_least_ = 0, positive_most_ = 0;
    at::Tensor gradient_square_, product_, wanted_square_;  ///< [P], sums over steps
};

}  // namespace kaziranga::studies
