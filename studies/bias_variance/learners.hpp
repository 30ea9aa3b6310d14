#pragma once

#include "studies/bias_variance/convergence.hpp"
#include "studies/bias_variance/network_loss.hpp"

#include <cstdint>

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

namespace kaziranga::studies {

struct LearnerOptions {
    double weight_decay = 1e-3;         ///< of NetworkLoss
    double tolerance = kShortGradient;  ///< a gradient no longer than this ends the training
    int64_t steps = 5000;               ///< or so many iterations
};

/// Where the training of one network ended.
struct End {
    at::Tensor w;  ///< [P]
    double gradient_norm = 0;
    int64_t iterations = 0;
    bool converged = false;
};

/// Goes down from w to where the gradient is short enough, or until the steps are used up, or until no step of any
/// length goes down. L-BFGS with backtracking; for squared errors of one output its first guess of the inverse Hessian
/// is Gauss' and Newton's, with Levenberg's damping, and what it remembers corrects what that leaves out.
/// Source: Nocedal and Wright 2006, "Numerical Optimization", 7.2 and 10.3
End descend(NetworkLoss& loss, at::Tensor w, const LearnerOptions& options);

/// Many networks of one shape, each with starting weights and a training set of its own, trained side by side.
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
