#pragma once

#include <cstdint>

namespace kaziranga::models {

/// A window that slides along one axis: the kernel of a convolution or of a pooling.
struct Window {
    int64_t kernel = 1;
    int64_t stride = 1;
    int64_t padding_before = 0;  ///< positions
    int64_t padding_after = 0;
    int64_t dilation = 1;
};

/// The pixels that the positions of a feature map depend on, along one axis. Position k depends on those from
/// low + k * jump to high + k * jump, some of which may lie outside the image. The default is the image itself.
/// Source: Araujo, Norris and Sim 2019, "Computing Receptive Fields of Convolutional Neural Networks" (Distill), with
/// offsets added so that branches can be united
struct Field {
    int64_t size = 0;  ///< positions along the axis
    int64_t jump = 1;  ///< pixels from one position to the next
    int64_t low = 0;
    int64_t high = 0;

    /// Number of pixels that one position sees: the size of the receptive field.
    int64_t extent() const { return high - low + 1; }

    /// The field of the map that the window produces from this one.
    Field after(const Window& window) const;

    bool operator==(const Field&) const = default;
};

/// The field of the sum of two branches: the smallest interval that contains both.
/// @pre they have the same size and jump
Field united(const Field& a, const Field& b);

}  // namespace kaziranga::models
