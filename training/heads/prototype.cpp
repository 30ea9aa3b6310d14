#include "training/heads/prototype.hpp"

#include <limits>

#include <ATen/ops/linalg_vector_norm.h>
#include <ATen/ops/zeros.h>

namespace kaziranga::training {

LinearMap cosine_mean(const WeightedRows& rows) {
    const at::Tensor means = rows.class_means();
    // Rows that cancel have no direction: their class keeps a weight of zero.
    const at::Tensor lengths = at::linalg_vector_norm(means, 2, 1, true).clamp_min(std::numeric_limits<double>::min());
    return {means / lengths, at::zeros({rows.classes}, means.options())};
}

}  // namespace kaziranga::training
