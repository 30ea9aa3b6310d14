#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include <ATen/core/Tensor.h>

namespace kaziranga::studies {

/// A network of tanh units with linear outputs; its parameters are one vector, each layer's weights [in, out] and then
/// its biases [out], which together are one matrix [in + 1, out].
struct NetworkShape {
    int64_t inputs = 1, outputs = 1;
    int64_t hidden_layers = 2, width = 16;

    bool operator==(const NetworkShape&) const = default;

    int64_t parameters() const;
    /// Standard deviation of each starting parameter, 1 / √in     @return [P] float64
    at::Tensor start_deviations() const;
    /// @param w  [P], or [R, P] of R networks     @param x  [N, inputs]; or of several [R, N, inputs]
    /// @return   [N, outputs] or [R, N, outputs]
    at::Tensor predict(const at::Tensor& w, const at::Tensor& x) const;
};

/// What one network minimises: the mean loss of its training set plus weight_decay times the sum of its squared
/// parameters. Only the output's biases are free of the penalty. As it is positive elsewhere, no parameter can run
/// away, so a minimum exists, also where the network passes through every point or tells all classes apart.
/// float64 throughout. Functions without an argument speak of the point of the last move_to.
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

    /// Of squared errors of one output: the inverse of the Gauss-Newton matrix 2/N JᵀJ + D, where J are the outputs'
    /// derivatives [N, P] and D the penalty's second derivatives plus the damping. By Woodbury's identity it takes
    /// Cholesky's factor of N × N numbers only, and J is never written out: the derivatives of a layer are products of
    /// what goes into it and what becomes of its output.
    /// Source: Nocedal and Wright 2006, "Numerical Optimization", 10.3 and A.28
    /// @param damping  > 0
    /// @return         v [P] to the inverse times v, until the next move_to; empty where rounding hides that the matrix
    ///                 is positive
    std::function<at::Tensor(const at::Tensor&)> inverse_curvature(double damping);

  private:
    /// Each layer's [in + 1, out] as views of one vector [P].
    std::vector<at::Tensor> layers_of(const at::Tensor& w) const;
    /// What becomes of each layer's sums in the outputs, times the given slope of the outputs; [N, out] each.
    std::vector<at::Tensor> backward(at::Tensor slope) const;
    /// Gradients of each layer from `backward`, as one vector [P].
    at::Tensor joined(const std::vector<at::Tensor>& slopes) const;
    /// Of one output: backward with slope 1, which gradient and curvature share.
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
