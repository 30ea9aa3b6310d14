#pragma once

#include <cstddef>
#include <deque>
#include <functional>

#include <ATen/core/Tensor.h>

namespace kaziranga::training {

/// The last steps of a descent and the change of the gradient in each. L-BFGS approximates the inverse Hessian from
/// them.
/// Source: Nocedal 1980; the two-loop recursion is algorithm 7.4 of Nocedal and Wright 2006.
class LbfgsMemory {
  public:
    void add(const at::Tensor& step, const at::Tensor& change);

    /// Adds a diagonal to the Hessian, for a new term of the function.
    void add_to_hessian(const at::Tensor& diagonal);

    /// The inverse Hessian times the gradient, starting from a diagonal first guess of the inverse.
    at::Tensor inverse_times(const at::Tensor& gradient, const at::Tensor& guess) const;

    /// The same, starting from any symmetric positive definite map as first guess. The guess is not rescaled.
    at::Tensor inverse_times(const at::Tensor& gradient,
                             const std::function<at::Tensor(const at::Tensor&)>& guess) const;

  private:
    struct Pair {
        at::Tensor step, change;
        double curvature;
    };
    std::deque<Pair> pairs_;
};

/// The sum of the products of the entries.
/// @param a, b  contiguous, of one shape
double inner_product(const at::Tensor& a, const at::Tensor& b);

}  // namespace kaziranga::training
