#include "models/layers/receptive_field.hpp"

#include <algorithm>

#include <c10/util/Exception.h>

namespace kaziranga::models {

Field Field::after(const Window& window) const {
    const int64_t reach = (window.kernel - 1) * window.dilation;
    const int64_t padded = size + window.padding_before + window.padding_after;
    TORCH_CHECK(padded > reach, "the window is larger than what it slides along");
    return {.size = (padded - reach - 1) / window.stride + 1,
            .jump = jump * window.stride,
            .low = low - window.padding_before * jump,
            .high = high + (reach - window.padding_before) * jump};
}

Field united(const Field& a, const Field& b) {
    TORCH_CHECK(a.size == b.size && a.jump == b.jump, "branches of different geometry cannot be added");
    return {.size = a.size, .jump = a.jump, .low = std::min(a.low, b.low), .high = std::max(a.high, b.high)};
}

}  // namespace kaziranga::models
