#include "data/read_image.hpp"

#include "core/error.hpp"
#include "core/files.hpp"
#include "data/formats/probe.hpp"

#include <array>

#include <c10/util/Exception.h>

namespace kaziranga::data {
DecodeLimits limits_for(const core::Preprocessing& preprocessing, int64_t max_pixels) {
    return {.max_pixels = max_pixels, .short_side = preprocessing.decoded_short_side(), .crop = preprocessing.box};
}

at::Tensor read_image(const Sample& sample, const DecodeLimits& limits, const core::Hash128* content) {
    if (sample.source) {
        const at::Tensor image = sample.source->open(sample.place);
        return sample.box ? cut(image, region_of(*sample.box, limits.crop, image.size(0), image.size(1))) : image;
    }
    const std::string bytes = core::read_file(sample.path, longest_image_file(limits.max_pixels));
    if (content != nullptr && content_hash(sample, core::hash_bytes(bytes)) != *content) {
        throw core::Error({.what = "the image was replaced or changed during the run",
                           .where = sample.path,
                           .remedy = "leave the images alone while they are used, and give the command again"});
    }
    return decode_image(bytes, sample.path, limits, sample.box ? &*sample.box : nullptr);
}

core::Hash128 content_hash(const Sample& sample, const core::Hash128& image) {
    if (!sample.box) return image;
    const std::array<float, 4> sides = {sample.box->x, sample.box->y, sample.box->width, sample.box->height};
    core::Hasher hasher;
    hasher.add(&image, sizeof image);
    hasher.add(sides.data(), sizeof sides);
    return hasher.digest();
}

core::Hash128 content_hash(const Sample& sample) {
    TORCH_CHECK(sample.source, "the image is a file, whose bytes are needed");
    return content_hash(sample, sample.source->identity(sample.place));
}

}  // namespace kaziranga::data
