#pragma once

#include "core/hash.hpp"
#include "data/synthetic/park_folder.hpp"
#include "data/synthetic/traits.hpp"

#include <compare>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include <ATen/core/Tensor.h>

namespace kaziranga::data {

/// Place of an image in a made-up park.
struct ParkImage {
    int64_t species = 0;
    int64_t split = 0;   ///< index into synthetic::kSplits
    int64_t number = 0;  ///< within the species and the split
    auto operator<=>(const ParkImage&) const = default;
};

/// A made-up park whose images are drawn when they are asked for, and kept in memory as far as they fit into a quarter
/// of the machine's: training asks for them in every epoch. They are stored nowhere else.
class Park {
  public:
    explicit Park(synthetic::ParkRecord record);

    const synthetic::ParkRecord& record() const { return record_; }

    /// The picture that `generate` would store, before it is encoded.
    /// @return [size, size, 3] uint8, RGB, contiguous, not to be written to. Safe to call from several threads
    at::Tensor draw(const ParkImage& image) const;

    /// Tells its content apart without drawing it.
    core::Hash128 content(const ParkImage& image) const;

  private:
    at::Tensor drawn(const ParkImage& image) const;

    synthetic::ParkRecord record_;
    std::vector<synthetic::SpeciesTraits> species_;
    mutable std::mutex guard_;  ///< of what follows
    mutable std::map<ParkImage, at::Tensor> kept_;
};

}  // namespace kaziranga::data
