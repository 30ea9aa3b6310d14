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

/// Place of an image in a made-up park.
struct ParkImage {
    int64_t species = 0;
    int64_t split = 0;   ///< index into synthetic::kSplits
    int64_t number = 0;  ///< within the species and the split
};

/// A made-up park whose images are drawn when they are asked for, and kept in memory as far as they fit into a quarter
/// of the machine's: training asks for them in every epoch. They are stored nowhere else.
class Park final : public ImageSource {
  public:
    explicit Park(synthetic::ParkRecord record);

    const synthetic::ParkRecord& record() const { return record_; }

    int64_t place_of(const ParkImage& image) const;
    ParkImage image_at(int64_t place) const;

    /// The picture that `generate` would store, before it is encoded.
    /// @return [size, size, 3] uint8
    at::Tensor open(int64_t place) const override;

    core::Hash128 identity(int64_t place) const override;

  private:
    at::Tensor drawn(const ParkImage& image) const;

    synthetic::ParkRecord record_;
    std::vector<synthetic::SpeciesTraits> species_;
    mutable std::mutex guard_;  ///< of what follows
    mutable std::map<int64_t, at::Tensor> kept_;
};

/// The images of one split of a park that is drawn as needed, by species, in the record's order.
/// @param split  index into synthetic::kSplits
Samples park_samples(const std::shared_ptr<const Park>& park, int64_t split);

}  // namespace kaziranga::data
