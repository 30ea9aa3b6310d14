#include "data/read_image.hpp"

#include "core/error.hpp"
#include "core/files.hpp"
#include "data/formats/probe.hpp"

namespace kaziranga::data {

at::Tensor read_image(const Sample& sample, const DecodeLimits& limits, const core::Hash128* content) {
    if (sample.source) return sample.source->open(sample.place);
    const std::string bytes = core::read_file(sample.path, longest_image_file(limits.max_pixels));
    if (content != nullptr && core::hash_bytes(bytes) != *content) {
        throw core::Error({.what = "the image was replaced or changed during the run",
                           .where = sample.path,
                           .remedy = "leave the images alone while they are used, and give the command again"});
    }
    return decode_image(bytes, sample.path, limits);
}

}  // namespace kaziranga::data
