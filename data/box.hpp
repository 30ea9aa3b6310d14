#pragma once

#include <cstdint>

namespace kaziranga::data {

/// A rectangle of pixels.
struct Box {
    int64_t top = 0, left = 0, height = 0, width = 0;

    bool operator==(const Box&) const = default;
};

}  // namespace kaziranga::data
