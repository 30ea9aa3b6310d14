#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

namespace kaziranga::core {

enum class Interpolation { kBilinear, kBicubic };
inline constexpr std::pair<Interpolation, std::string_view> kInterpolationWords[] = {
    {Interpolation::kBilinear, "bilinear"}, {Interpolation::kBicubic, "bicubic"}};
constexpr auto& words_of(Interpolation) {
    return kInterpolationWords;
}

/// Area around the box of an animal that is cut out of an image, before anything else is done to the image.
struct BoxCrop {
    double margin = 0.05;  ///< added on each side, as a share of the box's longer side
    bool square = true;    ///< the area is a square, where the image is large enough

    bool operator==(const BoxCrop&) const = default;
};

/// Preprocessing that a network expects: resize the short side, crop the centre, then (x/255 - mean) / std.
/// Shared by the descriptions of networks, the image transforms and checkpoints.
struct Preprocessing {
    int64_t resize = 256;  ///< short side after resizing, pixels
    int64_t crop = 224;    ///< side of the square centre crop, pixels
    Interpolation interpolation = Interpolation::kBilinear;
    std::array<double, 3> mean = {0.485, 0.456, 0.406};  ///< RGB, for values in [0, 1]
    std::array<double, 3> std = {0.229, 0.224, 0.225};

    bool reduced = false;  ///< JPEGs may be decoded at a reduced size
    BoxCrop box = {};      ///< for images with a box

    /// Minimum short side of an image after reduced decoding, pixels: twice the size after resizing, which the
    /// resize filter needs. 0: decode at full size.
    int64_t decoded_short_side() const { return reduced ? 2 * resize : 0; }

    bool operator==(const Preprocessing&) const = default;
};

}  // namespace kaziranga::core
