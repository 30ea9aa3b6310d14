#pragma once

#include <vector>

#include <ATen/core/Tensor.h>

namespace kaziranga::studies {

/// The largest absolute value of the entries.
double largest(const at::Tensor& x);

/// Largest difference of two tensors relative to their largest entry; 0 if both are zero.
double relative_error(const at::Tensor& a, const at::Tensor& b);

/// The larger of two errors; NaN if one of them is NaN.
double worse(double a, double b);

/// All entries, in order.
std::vector<double> values_of(const at::Tensor& x);

}  // namespace kaziranga::studies
