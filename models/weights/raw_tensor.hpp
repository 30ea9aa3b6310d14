#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <torch/types.h>

namespace kaziranga::models {

/// More dimensions than any network has, but few enough for every copy routine of LibTorch.
inline constexpr size_t kMostDimensions = 32;

/// Size of the largest weight file that is read, bytes.
inline constexpr uint64_t kLargestFile = uint64_t{1} << 35;

/// Number of elements of a shape. Nothing if a size is negative, there are too many dimensions, or the product does not
/// fit, with zeros counted as ones (strides are such products too).
std::optional<int64_t> volume(const std::vector<int64_t>& sizes);

/// "[64, 3, 7, 7]"
std::string shape_text(at::IntArrayRef sizes);

/// A contiguous CPU tensor that owns a copy of the bytes.
/// @param bytes  exactly volume(sizes) elements of `type`, little-endian, at any alignment
/// @throws core::Error at `where` when a byte of a boolean is neither 0 nor 1
torch::Tensor tensor_of_bytes(std::string_view bytes, torch::ScalarType type, const std::vector<int64_t>& sizes,
                              const std::string& where);

}  // namespace kaziranga::models
