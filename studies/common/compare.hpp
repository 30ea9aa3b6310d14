#pragma once

#include <vector>

#include <ATen/core/Tensor.h>

namespace kaziranga::studies {

/// The entry farthest from zero.
double largest(const at::Tensor& x);

/// Largest difference of two tensors on the scale of their largest entry; 0 where both are zero.
double relative_error(const at::Tensor& a, const at::Tensor& b);

/// The larger of two errors; one that is no number stays.
double worse(double a, double b);

/// All entries, in order.
std::vector<double> values_of(const at::Tensor& x);

}  // namespace kaziranga::studies
