#pragma once

#include <array>
#include <cstdint>

namespace kaziranga::core {

enum class Interpolation { kBilinear, kBicubic };

/// What a network expects of an image: the short side resized, the centre cut out, then (x/255 - mean) / std.
/// The vocabulary between a network's description, the image transforms and a checkpoint.
struct Preprocessing {
    int64_t resize = 256;  ///< short side after resizing, pixels
    int64_t crop = 224;    ///< side of the square cut from the centre, pixels
    Interpolation interpolation = Interpolation::kBilinear;
    std::array<double, 3> mean = {0.485, 0.456, 0.406};  ///< RGB, of values in [0, 1]
    std::array<double, 3> std = {0.229, 0.224, 0.225};

    bool reduced = false;  ///< JPEGs may be decoded at a fraction of their size

    /// Pixels that the short side of an image keeps when it is decoded: as many again as resizing needs, for its
    /// filter. 0: all.
    int64_t decoded_short_side() const { return reduced ? 2 * resize : 0; }

    bool operator==(const Preprocessing&) const = default;
};

}  // namespace kaziranga::core
