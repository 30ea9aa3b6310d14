#include "models/weights/raw_tensor.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

namespace kaziranga::models {

std::optional<int64_t> volume(const std::vector<int64_t>& sizes) {
    if (sizes.size() > kMostDimensions) return std::nullopt;
    constexpr int64_t kMostElements = std::numeric_limits<int64_t>::max() / 16;  // so that the bytes fit as well
    int64_t product = 1;
    bool empty = false;
    for (const int64_t size : sizes) {
        if (size < 0) return std::nullopt;
        empty = empty || size == 0;
        const int64_t factor = std::max<int64_t>(size, 1);
        if (factor > kMostElements / product) return std::nullopt;
        product *= factor;
    }
    return empty ? 0 : product;
}

std::string shape_text(at::IntArrayRef sizes) {
    std::string text = "[";
    for (const int64_t size : sizes) text += (text.size() > 1 ? ", " : "") + std::to_string(size);
    return text + "]";
}

torch::Tensor tensor_of_bytes(std::string_view bytes, torch::ScalarType type, const std::vector<int64_t>& sizes,
                              const std::string& where) {
    if (type == torch::kBool && std::any_of(bytes.begin(), bytes.end(), [](char c) { return c != 0 && c != 1; })) {
        throw core::Error({.what = "a boolean tensor holds a byte that is neither 0 nor 1",
                           .where = where,
                           .remedy = "the file is damaged: download or copy it again"});
    }
    torch::Tensor tensor = torch::empty(sizes, torch::TensorOptions().dtype(type));
    TORCH_CHECK(tensor.nbytes() == bytes.size(), "tensor_of_bytes: ", bytes.size(), " bytes for ", tensor.nbytes());
    if (!bytes.empty()) std::memcpy(tensor.data_ptr(), bytes.data(), bytes.size());
    return tensor;
}

}  // namespace kaziranga::models
