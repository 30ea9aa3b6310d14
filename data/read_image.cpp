#include "data/read_image.hpp"

#include "core/files.hpp"

namespace kaziranga::data {

at::Tensor read_image(const Sample& sample, const DecodeLimits& limits) {
    if (sample.park) return sample.park->draw(sample.drawn);
    return decode_image(core::read_file(sample.path), sample.path, limits);
}

}  // namespace kaziranga::data
