#include "data/formats/decode.hpp"

#include "data/formats/probe.hpp"

#include <algorithm>
#include <cstring>

#include <ATen/ops/empty.h>

namespace kaziranga::data {
namespace {

at::Tensor empty_image(int64_t height, int64_t width) {
    return at::empty({height, width, 3}, at::kByte);
}

/// Returns the factor by which an image is reduced: 1, 2, 4 or 8.
int64_t reduction(const ImageProbe& probe, int64_t short_side) {
    if (!probe.format.reducible || short_side <= 0) return 1;
    const int64_t shorter = std::min(probe.structure.width, probe.structure.height);
    for (const int64_t by : {8, 4, 2}) {
        if (shorter / by >= short_side) return by;
    }
    return 1;
}

/// Rotates the stored image upright. Orientations 2 and 4 mirror, 3 rotates by 180 degrees, 5 … 8 also swap rows and
/// columns (EXIF 2.3, 4.6.4 A).
at::Tensor upright(const at::Tensor& stored, int orientation) {
    if (orientation == 1) return stored;
    const int64_t rows = stored.size(0);
    const int64_t columns = stored.size(1);
    const bool swapped = orientation >= 5;
    const bool from_right = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
    const bool from_bottom = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
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

}  // namespace

at::Tensor decode_image(std::string_view bytes, const std::filesystem::path& where, const DecodeLimits& limits) {
    const ImageProbe probe = probe_image(bytes, where, limits.max_pixels);
    const int64_t by = reduction(probe, limits.short_side);
    const at::Tensor stored = empty_image(formats::reduced_side(probe.structure.height, by),
                                          formats::reduced_side(probe.structure.width, by));
    probe.format.decode({bytes, where}, probe.structure, by, stored.mutable_data_ptr<uint8_t>());
    return upright(stored, formats::exif_orientation(probe.structure.exif));
}

}  // namespace kaziranga::data
