#pragma once

#include <cstddef>
#include <deque>
#include <functional>

#include <ATen/core/Tensor.h>

namespace kaziranga::training {

/// The last steps of a descent and how the gradient changed in each: L-BFGS's idea of the inverse Hessian.
/// Source: Nocedal 1980; the two-loop recursion is algorithm 7.4 of Nocedal and Wright 2006.
class LbfgsMemory {
  public:
    void add(const at::Tensor& step, const at::Tensor& change);

    /// The function got another term, whose Hessian is this diagonal.
    void add_to_hessian(const at::Tensor& diagonal);

    /// The inverse Hessian times the gradient, around a diagonal first guess of the inverse.
    at::Tensor inverse_times(const at::Tensor& gradient, const at::Tensor& guess) const;

    /// The same around any first guess, a symmetric and positive definite map, which is taken at its own scale.
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
