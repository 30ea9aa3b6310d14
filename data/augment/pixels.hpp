#pragma once

#include <cstdint>

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>

namespace kaziranga::data {

/// Returns the bytes of an image after checking its form: [H, W, 3] uint8, contiguous.
inline const uint8_t* pixels_of(const at::Tensor& image) {
    TORCH_CHECK(image.dim() == 3 && image.size(2) == 3 && image.scalar_type() == at::kByte && image.is_contiguous(),
                "an image is [H, W, 3] uint8, contiguous");
    return image.const_data_ptr<uint8_t>();
}

/// Returns a new, uninitialised image of the same size.
inline at::Tensor unwritten_like(const at::Tensor& image) {
    return at::empty(image.sizes(), at::kByte);
}

/// Truncates instead of rounding, like a cast of float32 to uint8 in torchvision.
inline uint8_t to_byte(float value) {
    constexpr float kWhite = 255;
    return static_cast<uint8_t>(value < 0 ? 0 : value > kWhite ? kWhite : value);
}

}  // namespace kaziranga::data
