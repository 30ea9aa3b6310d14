#pragma once

#include "core/hash.hpp"

#include <cstdint>

#include <ATen/core/Tensor.h>

namespace kaziranga::data {

/// Where images come from that are no files, each at a place of its own. Safe to use from several threads.
class ImageSource {
  public:
    ImageSource() = default;
    ImageSource(const ImageSource&) = delete;
    ImageSource& operator=(const ImageSource&) = delete;
    virtual ~ImageSource() = default;

    /// @return [H, W, 3] uint8, RGB, contiguous, not to be written to
    virtual at::Tensor open(int64_t place) const = 0;

    /// What tells the image's content apart, without making the image.
    virtual core::Hash128 identity(int64_t place) const = 0;
};

}  // namespace kaziranga::data
