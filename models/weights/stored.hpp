#pragma once

#include <functional>
#include <string>
#include <vector>

#include <torch/types.h>

namespace kaziranga::models {

/// More tensors than a checkpoint of any network here has, including its average and the optimiser's state: a few
/// thousand. A file that claims more is rejected before it takes memory and time.
inline constexpr size_t kMostTensors = 100'000;

/// Longer than the name of any tensor, in letters.
inline constexpr size_t kLongestName = 256;

/// A tensor of a weight file, described but not copied yet.
struct StoredTensor {
    std::string name;
    torch::ScalarType type = torch::kFloat;
    std::vector<int64_t> sizes = {};
    std::string place = {};  ///< of its bytes: tensors with the same shape and place are the same
    /// @return a contiguous CPU tensor that owns its memory. The bytes of the file must still be there.
    /// @throws core::Error when the bytes are damaged
    std::function<torch::Tensor()> read;
};

/// A dict of tensors in a weight file.
struct StoredDict {
    std::vector<std::string> keys = {};      ///< the path to it; none: it is the whole file
    std::vector<StoredTensor> tensors = {};  ///< in the order of the dict
    std::string problem = {};                ///< reason why it is no state dict; empty if it is one
};

}  // namespace kaziranga::models
