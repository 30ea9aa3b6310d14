#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include <ATen/core/Tensor.h>

namespace kaziranga::studies {

/// A network of tanh units with linear outputs. Its parameters are one vector: for each layer the weights [in, out] and
/// then the biases [out], which together form a matrix [in + 1, out].
struct NetworkShape {
    int64_t inputs = 1, outputs = 1;
    int64_t hidden_layers = 2, width = 16;

    bool operator==(const NetworkShape&) const = default;

    int64_t parameters() const;
    /// Standard deviation of each starting parameter, 1 / √in     @return [P] float64
    at::Tensor start_deviations() const;
    /// @param w  [P], or [R, P] of R networks     @param x  [N, inputs]; or [R, N, inputs] for R networks
    /// @return   [N, outputs] or [R, N, outputs]
    at::Tensor predict(const at::Tensor& w, const at::Tensor& x) const;
};

/// The objective of one network: the mean loss of its training set plus weight_decay times the sum of its squared
/// parameters. Only the output's biases have no penalty. The penalty keeps all other parameters bounded, so a minimum
/// exists, even if the network fits every point or separates all classes. All values are float64. Functions without an
/// argument refer to the point of the last move_to.
class NetworkLoss {
  public:
    /// @param x        [N, inputs] float64
    /// @param targets  [N, 1] float64: mean squared error; [N] int64 classes: mean cross-entropy
    NetworkLoss(const NetworkShape& shape, const at::Tensor& x, const at::Tensor& targets, double weight_decay);

    /// @param w  [P] float64     @return the objective there
    double move_to(const at::Tensor& w);

    /// @return [P]
    at::Tensor gradient();

    bool is_squared() const { return squared_; }

    /// For squared errors of one output: the inverse of the Gauss-Newton matrix 2/N JᵀJ + D. J are the outputs'
    /// derivatives [N, P], D the penalty's second derivatives plus the damping. With Woodbury's identity it needs only
    /// a Cholesky factor of size N × N. J is never stored: the derivatives of a layer are products of its inputs and
    /// its backpropagated slopes.
    /// Source: Nocedal and Wright 2006, "Numerical Optimization", 10.3 and A.28
    /// @param damping  > 0
    /// @return         a function from v [P] to the inverse times v, valid until the next move_to; empty if rounding
    ///                 makes the matrix not positive definite
    std::function<at::Tensor(const at::Tensor&)> inverse_curvature(double damping);

  private:
    /// Each layer's [in + 1, out] as views of one vector [P].
    std::vector<at::Tensor> layers_of(const at::Tensor& w) const;
    /// The outputs' derivatives by each layer's sums, times the given slope of the outputs; [N, out] each.
    std::vector<at::Tensor> backward(at::Tensor slope) const;
    /// Gradients of each layer from `backward`, as one vector [P].
    at::Tensor joined(const std::vector<at::Tensor>& slopes) const;
    /// For one output: backward with slope 1, which gradient and curvature share.
    const std::vector<at::Tensor>& unit_slopes();

    NetworkShape shape_;
    at::Tensor targets_;
    double weight_decay_;
    bool squared_;
    at::Tensor penalties_;  ///< [P], second derivatives of the penalty
    at::Tensor one_;        ///< [N, 1], the input of the biases
    at::Tensor w_;
    std::vector<at::Tensor> layers_;
    std::vector<at::Tensor> inputs_;  ///< of each layer, [N, in + 1]
    at::Tensor outputs_;              ///< [N, outputs]
    std::vector<at::Tensor> unit_slopes_;
};

}  // namespace kaziranga::studies
