#include "data/read_image.hpp"

#include "core/files.hpp"
#include "data/decode.hpp"

namespace kaziranga::data {

at::Tensor read_image(const Sample& sample, int64_t max_pixels) {
    if (sample.park) return sample.park->draw(sample.drawn);
    return decode_image(core::read_file(sample.path), sample.path, max_pixels);
}

}  // namespace kaziranga::data
