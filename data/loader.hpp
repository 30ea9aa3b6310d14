#pragma once

#include "core/error.hpp"
#include "data/dataset.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <ATen/core/Tensor.h>

namespace kaziranga::data {

/// A batch of transformed images, in the order of the requests.
struct Batch {
    at::Tensor images;                                      ///< [N, 3, H, W] uint8 in channels-last memory; N may be 0
    std::vector<int64_t> positions;                         ///< [N] request number of each image
    std::vector<std::pair<int64_t, core::Problem>> failed;  ///< failed requests of this batch
};

/// Decodes and transforms images in advance, on its own threads, and returns batches in order: batch b contains the
/// requests b*batch_size …, for any number of threads.
class Loader {
  public:
    /// Returns the image of request i, [3, H, W] uint8 in channels-last memory; throws core::Error for a bad image.
    /// Called from several loader threads in parallel.
    using Load = std::function<at::Tensor(int64_t request)>;

    /// @param workers  threads; 0: one per processor     @param ahead  batches prepared in advance, at least 1
    /// @param memory   options of the batch tensors: uint8 on the host
    Loader(int64_t requests, int64_t batch_size, int64_t workers, int64_t ahead, Load load,
           c10::TensorOptions memory = c10::TensorOptions(at::kByte));
    ~Loader();
    Loader(const Loader&) = delete;
    Loader& operator=(const Loader&) = delete;

    /// Returns the next batch; no value after the last.
    /// @throws exceptions of Load other than core::Error; core::Interrupted when a stop was requested
    std::optional<Batch> next();

  private:
    struct Shared;
    std::unique_ptr<Shared> shared_;
};

}  // namespace kaziranga::data
