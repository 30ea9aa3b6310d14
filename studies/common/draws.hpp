#pragma once

#include <cstdint>
#include <initializer_list>

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

namespace kaziranga::studies {

/// A generator for LibTorch's random functions; it depends only on the seed and the counters.
at::Generator generator(int64_t seed, std::initializer_list<uint64_t> counters);

/// Seeds LibTorch's own generator, which draws initial weights.
void seed_modules(int64_t seed, std::initializer_list<uint64_t> counters);

/// Standard normal numbers, float64.
at::Tensor normal(at::IntArrayRef sizes, const at::Generator& from);

/// Uniform in [low, high), float64.
at::Tensor uniform(at::IntArrayRef sizes, double low, double high, const at::Generator& from);

}  // namespace kaziranga::studies
