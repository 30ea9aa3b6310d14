#pragma once

#include <cstdint>
#include <functional>

#include <ATen/core/Tensor.h>

namespace kaziranga::studies {

/// A scalar function of a vector, twice differentiable by autograd: [P] float64 to [].
using Objective = std::function<at::Tensor(const at::Tensor&)>;

double value(const Objective& objective, const at::Tensor& w);

/// @return [P]
at::Tensor gradient(const Objective& objective, const at::Tensor& w);

/// The Hessian times a vector, by differentiating the product of the gradient with the vector.
/// Source: Pearlmutter 1994, "Fast Exact Multiplication by the Hessian"
/// @return [P]
at::Tensor hessian_times(const Objective& objective, const at::Tensor& w, const at::Tensor& v);

/// @return [P, P], symmetric
at::Tensor hessian(const Objective& objective, const at::Tensor& w);

/// Eigenvalues and unit eigenvectors of a symmetric matrix, largest first.
struct Eigen {
    at::Tensor values;   ///< [P]
    at::Tensor vectors;  ///< [P, P], one per column
};
Eigen eigen_of(const at::Tensor& symmetric);

struct Minimum {
    at::Tensor w;  ///< [P]
    double value = 0;
    double gradient_norm = 0;
    int64_t iterations = 0;
};

/// Newton's method with the absolute eigenvalues of the Hessian, damped until a step reduces the value (saddle-free
/// Newton, Dauphin et al. 2014, arXiv:1406.2572, with Levenberg's damping). Ends when the norm of the gradient is at
/// most `tolerance`, when no step of any length reduces the value, or after `most` iterations.
Minimum minimise(const Objective& objective, at::Tensor w, double tolerance, int64_t most);

/// The largest eigenvalues of a symmetric matrix that is given only by its products: Lanczos' method with full
/// reorthogonalisation.
/// Source: Golub and Van Loan, "Matrix Computations", 10.1
/// @param times  maps v to Av     @param start  [P], not zero     @param steps  at most P
/// @return       Ritz values, largest first; the outermost converge first. There are as many as steps, or as directions
///               in the start vector
at::Tensor lanczos(const std::function<at::Tensor(const at::Tensor&)>& times, const at::Tensor& start, int64_t steps);

}  // namespace kaziranga::studies
