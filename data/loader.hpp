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

/// A batch of transformed images, in the order they were asked for.
struct Batch {
    at::Tensor images;                                      ///< [N, 3, H, W] uint8 in channels-last memory; N may be 0
    std::vector<int64_t> positions;                         ///< [N] which request each image answers
    std::vector<std::pair<int64_t, core::Problem>> failed;  ///< requests of this batch that could not be answered
};

/// Decodes and transforms images ahead of their use, on threads of its own, and hands batches out in order: batch b
/// answers requests b*batch_size … whatever the number of threads.
class Loader {
  public:
    /// Turns request i into [3, H, W] uint8 in channels-last memory; throws core::Error for a bad image. Runs on the
    /// loader's threads, several at once.
    using Load = std::function<at::Tensor(int64_t request)>;

    /// @param workers  0: one a processor     @param ahead  batches made before they are asked for, at least 1
    /// @param memory   of the batches: uint8 on the host
    Loader(int64_t requests, int64_t batch_size, int64_t workers, int64_t ahead, Load load,
           c10::TensorOptions memory = c10::TensorOptions(at::kByte));
    ~Loader();
    Loader(const Loader&) = delete;
    Loader& operator=(const Loader&) = delete;

    /// The next batch, empty after the last.
    /// @throws whatever Load threw that is no core::Error; core::Interrupted when a stop was asked for
    std::optional<Batch> next();

  private:
    struct Shared;
    std::unique_ptr<Shared> shared_;
};

}  // namespace kaziranga::data
