#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <vector>

namespace kaziranga::studies {

struct LearnerOptions {
    int64_t hidden_layers = 2;
    int64_t width = 16;
    int64_t steps = 1000;
    double lr = 0.01;
    double weight_decay = 0;
};

/// Many networks of one shape (tanh units, linear outputs), each with weights and a training set of its own, trained
/// side by side as batched matrix products.
class Learners {
  public:
    /// @param from  draws the initial weights, normal with variance 1 / in
    Learners(int64_t count, int64_t inputs, int64_t outputs, const LearnerOptions& options, const at::Generator& from);

    /// @param x  [R, N, inputs] or [N, inputs], the same for all     @return [R, N, outputs]
    at::Tensor predict(const at::Tensor& x) const;

    /// Full-batch Adam with decoupled weight decay, its rate falling to zero by a cosine.
    /// @param loss  of the predictions [R, N, outputs]: a sum over learners of what each minimises
    void train(const at::Tensor& x, const std::function<at::Tensor(const at::Tensor&)>& loss);

  private:
    LearnerOptions options_;
    std::vector<at::Tensor> weights_, biases_;  ///< [R, in, out], [R, 1, out] of each layer
};

}  // namespace kaziranga::studies
