#pragma once

#include <cstdint>

namespace kaziranga::models {

/// What slides along one axis: a convolution's kernel or a pooling.
struct Window {
    int64_t kernel = 1;
    int64_t stride = 1;
    int64_t padding_before = 0;  ///< places
    int64_t padding_after = 0;
    int64_t dilation = 1;
};

/// Which pixels of an image the places of a feature map depend on, along one axis: place k on those from
/// low + k * jump to high + k * jump, some of which may lie outside the image. A default one is the image itself.
/// Source: Araujo, Norris and Sim 2019, "Computing Receptive Fields of Convolutional Neural Networks" (Distill), with
/// offsets added so that branches can be united
struct Field {
    int64_t size = 0;  ///< places along the axis
    int64_t jump = 1;  ///< pixels from one place to the next
    int64_t low = 0;
    int64_t high = 0;

    /// Pixels that one place sees: the receptive field.
    int64_t extent() const { return high - low + 1; }

    /// Of the map that the window makes of this one.
    Field after(const Window& window) const;

    bool operator==(const Field&) const = default;
};

/// Of two branches that are added: the smallest interval around both.
/// @pre they have the same size and jump
Field united(const Field& a, const Field& b);

}  // namespace kaziranga::models
