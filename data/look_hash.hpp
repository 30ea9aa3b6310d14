#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include <ATen/core/Tensor.h>

namespace kaziranga::data {

/// A hash of how an image looks, which changes little when the image is compressed, resized, brightened or cut at its
/// edges: the signs of 255 low frequencies of the grey image, against their median (pHash: Zauner 2010, Implementation
/// and Benchmarking of Perceptual Image Hash Functions, 3.2.1, there with 64 bits).
using LookHash = std::array<uint64_t, 4>;

/// @param image  [H, W, 3] uint8, contiguous
/// @return none for an image of one shade, such as a black frame, which looks like nothing
std::optional<LookHash> look_hash(const at::Tensor& image);

/// Returns the number of bits that differ, 0 to 255.
int distance(const LookHash& a, const LookHash& b);

/// Largest distance of two images that count as pictures of one moment. Of twelve million pairs of photographs of
/// tiny-imagenet none that shows two scenes was closer than 72; copies that were compressed to quality 50, halved,
/// brightened by 15 % or cut by a sixty-fourth at each edge were at most 36 from their original.
inline constexpr int kSameLook = 60;

}  // namespace kaziranga::data
