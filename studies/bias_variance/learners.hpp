#pragma once

#include "studies/bias_variance/convergence.hpp"
#include "studies/bias_variance/network_loss.hpp"

#include <cstdint>

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

namespace kaziranga::studies {

struct LearnerOptions {
    double weight_decay = 1e-3;         ///< of NetworkLoss
    double tolerance = kShortGradient;  ///< training ends at a gradient with at most this norm
    int64_t steps = 5000;               ///< or after this many iterations
};

/// The result of the training of one network.
struct End {
    at::Tensor w;  ///< [P]
    double gradient_norm = 0;
    int64_t iterations = 0;
    bool converged = false;
};

/// Minimises the loss from w until the gradient is short enough, the steps are used up, or no step of any length
/// reduces the loss. L-BFGS with backtracking. For squared errors of one output, the initial inverse Hessian is that of
/// Gauss-Newton with Levenberg's damping, and the L-BFGS memory corrects its error.
/// Source: Nocedal and Wright 2006, "Numerical Optimization", 7.2 and 10.3
End descend(NetworkLoss& loss, at::Tensor w, const LearnerOptions& options);

/// Many networks of one shape, trained in parallel, each with its own starting weights and training set.
class Learners {
  public:
    /// @param from  draws the starting parameters, normal with variance 1 / in
    Learners(int64_t count, const NetworkShape& shape, const at::Generator& from);

    /// @param x        [R, N, inputs] float64
    /// @param targets  [R, N, 1] float64 for squared errors, or [R, N] int64 classes for cross-entropy
    Convergence train(const at::Tensor& x, const at::Tensor& targets, const LearnerOptions& options);

    /// @param x  [R, N, inputs] or [N, inputs], the same for all     @return [R, N, outputs]
    at::Tensor predict(const at::Tensor& x) const { return shape_.predict(w_, x); }

  private:
    NetworkShape shape_;
    at::Tensor w_;  ///< [R, P] float64
};

}  // namespace kaziranga::studies
