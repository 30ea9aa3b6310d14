#include "data/formats/decode.hpp"

#include "data/formats/exif.hpp"
#include "data/formats/probe.hpp"

#include <algorithm>
#include <cstring>

#include <ATen/ops/empty.h>

namespace kaziranga::data {
namespace {

at::Tensor empty_image(int64_t height, int64_t width) {
    return at::empty({height, width, 3}, at::kByte);
}

/// The part of an image that is wanted.
struct Wanted {
    int64_t reduced_by = 1;
    Box stored;  ///< the area in the reduced image, as it is stored
};

/// True for the EXIF orientations that swap rows and columns (EXIF 2.3, 4.6.4 A).
bool swaps_sides(int orientation) {
    return orientation >= 5;
}
bool starts_right(int orientation) {
    return orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
}
bool starts_at_bottom(int orientation) {
    return orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
}

/// Returns the area around the box, or the whole image, in an upright image of this size.
Box upright_area(const RelativeBox* box, const core::BoxCrop& crop, int64_t height, int64_t width) {
    return box == nullptr ? Box{.height = height, .width = width} : region_of(*box, crop, height, width);
}

/// Returns where an area of the upright image lies in the stored one.
Box stored_area(const Box& upright, int orientation, int64_t stored_height, int64_t stored_width) {
    Box area = upright;
    if (swaps_sides(orientation)) {
        area = {.top = upright.left, .left = upright.top, .height = upright.width, .width = upright.height};
    }
    if (starts_right(orientation)) area.left = stored_width - area.left - area.width;
    if (starts_at_bottom(orientation)) area.top = stored_height - area.top - area.height;
    return area;
}

/// Chooses the reduction by 1, 2, 4 or 8, and the area.
Wanted wanted_of(const ImageProbe& probe, int orientation, const DecodeLimits& limits, const RelativeBox* box) {
    const auto area = [&](int64_t by) {
        const int64_t height = formats::reduced_side(probe.structure.height, by);
        const int64_t width = formats::reduced_side(probe.structure.width, by);
        const bool swapped = swaps_sides(orientation);
        const Box upright = upright_area(box, limits.crop, swapped ? width : height, swapped ? height : width);
        return stored_area(upright, orientation, height, width);
    };
    const Box full = area(1);
    if (!probe.format.reducible || limits.short_side <= 0) return {.stored = full};
    for (const int64_t by : {8, 4, 2}) {
        if (std::min(full.width, full.height) / by >= limits.short_side) return {.reduced_by = by, .stored = area(by)};
    }
    return {.stored = full};
}

/// Rotates the stored image upright. Orientations 2 and 4 mirror, 3 rotates by 180 degrees, 5 … 8 also swap rows and
/// columns.
at::Tensor upright(const at::Tensor& stored, int orientation) {
    if (orientation == 1) return stored;
    const int64_t rows = stored.size(0);
    const int64_t columns = stored.size(1);
    const bool swapped = swaps_sides(orientation);
    const bool from_right = starts_right(orientation);
    const bool from_bottom = starts_at_bottom(orientation);
    const int64_t right = from_right ? -3 : 3;
    const int64_t down = (from_bottom ? -3 : 3) * columns;

    at::Tensor turned = swapped ? empty_image(columns, rows) : empty_image(rows, columns);
    const uint8_t* corner = stored.const_data_ptr<uint8_t>() + (from_right ? 3 * (columns - 1) : 0) +
                            (from_bottom ? 3 * columns * (rows - 1) : 0);
    uint8_t* out = turned.mutable_data_ptr<uint8_t>();
    for (int64_t y = 0; y < turned.size(0); ++y) {
        const uint8_t* in = corner + y * (swapped ? right : down);
        for (int64_t x = 0; x < turned.size(1); ++x, in += swapped ? down : right, out += 3) std::memcpy(out, in, 3);
    }
    return turned;
}

/// Decodes the area. Formats that cannot decode a part are decoded whole.
at::Tensor decode_area(const formats::File& file, const ImageProbe& probe, const Wanted& wanted) {
    const int64_t height = formats::reduced_side(probe.structure.height, wanted.reduced_by);
    const int64_t width = formats::reduced_side(probe.structure.width, wanted.reduced_by);
    const bool all = wanted.stored.height == height && wanted.stored.width == width;
    if (all || probe.format.decode_region == nullptr) {
        const at::Tensor image = empty_image(height, width);
        probe.format.decode(file, probe.structure, wanted.reduced_by, image.mutable_data_ptr<uint8_t>());
        return all ? image : cut(image, wanted.stored);
    }
    const at::Tensor part = empty_image(wanted.stored.height, wanted.stored.width);
    probe.format.decode_region(file, probe.structure, wanted.reduced_by, wanted.stored,
                               part.mutable_data_ptr<uint8_t>());
    return part;
}

}  // namespace

at::Tensor cut(const at::Tensor& image, const Box& region) {
    return image.narrow(0, region.top, region.height).narrow(1, region.left, region.width).contiguous();
}

at::Tensor decode_image(std::string_view bytes, const std::filesystem::path& where, const DecodeLimits& limits,
                        const RelativeBox* box) {
    const ImageProbe probe = probe_image(bytes, where, limits.max_pixels);
    const int orientation = formats::exif_orientation(probe.structure.exif);
    const Wanted wanted = wanted_of(probe, orientation, limits, box);
    return upright(decode_area({bytes, where}, probe, wanted), orientation);
}

}  // namespace kaziranga::data
