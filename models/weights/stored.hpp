#pragma once

#include <functional>
#include <string>
#include <vector>

#include <torch/types.h>

namespace kaziranga::models {

/// More tensors than a checkpoint of any network here has, with its average and its optimiser's state beside it: some
/// thousands. What claims more is refused before it takes memory and time.
inline constexpr size_t kMostTensors = 100'000;

/// More letters than the name of any tensor has.
inline constexpr size_t kLongestName = 256;

/// A tensor of a weight file that is described and not copied yet.
struct StoredTensor {
    std::string name;
    torch::ScalarType type = torch::kFloat;
    std::vector<int64_t> sizes = {};
    std::string place = {};  ///< of its bytes: two tensors of one shape and place are the same
    /// @return a contiguous CPU tensor that owns its memory. The bytes of the file must still be there.
    /// @throws core::Error when the bytes are damaged
    std::function<torch::Tensor()> read;
};

/// A dict of tensors in a weight file.
struct StoredDict {
    std::vector<std::string> keys = {};      ///< that lead to it; none: it is the whole of the file
    std::vector<StoredTensor> tensors = {};  ///< in its order
    std::string fault = {};                  ///< why it is no state dict, where it is none
};

}  // namespace kaziranga::models
