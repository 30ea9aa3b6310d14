#pragma once

#include "core/hash.hpp"

#include <cstdint>

#include <ATen/core/Tensor.h>

namespace kaziranga::data {

/// A source of images that are not files. Each image has a place (a number). Thread-safe.
class ImageSource {
  public:
    ImageSource() = default;
    ImageSource(const ImageSource&) = delete;
    ImageSource& operator=(const ImageSource&) = delete;
    virtual ~ImageSource() = default;

    /// @return [H, W, 3] uint8, RGB, contiguous; must not be modified
    virtual at::Tensor open(int64_t place) const = 0;

    /// Returns a hash that identifies the image's content, without making the image.
    virtual core::Hash128 identity(int64_t place) const = 0;
};

}  // namespace kaziranga::data
