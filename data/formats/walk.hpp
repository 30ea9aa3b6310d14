#pragma once

#include "data/formats/format.hpp"
#include "data/inspect.hpp"

namespace kaziranga::data::formats {

struct Walked {
    ImageFormat format;
    Structure structure;
};

/// Recognises the format and walks the structure; what probe_image and decode_image both begin with.
/// @throws core::Error as probe_image
Walked walk_any(const File& file, int64_t max_pixels);

}  // namespace kaziranga::data::formats
