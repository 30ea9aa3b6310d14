#pragma once

#include "core/hash.hpp"
#include "data/dataset.hpp"
#include "data/synthetic/park_folder.hpp"
#include "data/synthetic/traits.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include <ATen/core/Tensor.h>

namespace kaziranga::data {

/// The position of an image in a synthetic park.
struct ParkImage {
    int64_t species = 0;
    int64_t split = 0;   ///< index into synthetic::kSplits
    int64_t number = 0;  ///< within the species and the split
};

/// A synthetic park whose images are drawn on request. They are cached in memory, up to a quarter of the machine's
/// memory, because training reads them in every epoch. They are not stored on disk.
class Park final : public ImageSource {
  public:
    explicit Park(synthetic::ParkRecord record);

    const synthetic::ParkRecord& record() const { return record_; }

    int64_t place_of(const ParkImage& image) const;
    ParkImage image_at(int64_t place) const;

    /// Draws the picture that `generate` would store, before encoding.
    /// @return [size, size, 3] uint8
    at::Tensor open(int64_t place) const override;

    core::Hash128 identity(int64_t place) const override;

  private:
    at::Tensor drawn(const ParkImage& image) const;

    synthetic::ParkRecord record_;
    std::vector<synthetic::SpeciesTraits> species_;
    mutable std::mutex guard_;  ///< protects the members below
    mutable std::map<int64_t, at::Tensor> kept_;
};

/// Returns the images of one split of a park, by species, in the order of the record.
/// @param split  index into synthetic::kSplits
Samples park_samples(const std::shared_ptr<const Park>& park, int64_t split);

}  // namespace kaziranga::data
