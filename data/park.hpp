#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "core/hash.hpp"
#include "data/synthetic/park_folder.hpp"
#include "data/synthetic/traits.hpp"

namespace kaziranga::data {

/// Place of an image in a made-up park.
struct ParkImage {
    int64_t species = 0;
    int64_t split = 0;   ///< index into synthetic::kSplits
    int64_t number = 0;  ///< within the species and the split
};

/// A made-up park whose images are drawn when they are asked for, and stored nowhere.
class Park {
  public:
    explicit Park(synthetic::ParkRecord record);

    const synthetic::ParkRecord& record() const { return record_; }

    /// The picture that `generate` would store, before it is encoded.
    /// @return [size, size, 3] uint8, RGB, contiguous. Safe to call from several threads
    at::Tensor draw(const ParkImage& image) const;

    /// Tells its content apart without drawing it.
    core::Hash128 content(const ParkImage& image) const;

  private:
    synthetic::ParkRecord record_;
    std::vector<synthetic::SpeciesTraits> species_;
};

}  // namespace kaziranga::data
